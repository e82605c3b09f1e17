package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the documentation shows is code that runs: each block after a line {@code <!-- region CLASS
 * NAME -->} equals the region of that name in the example class.
 */
class DocumentationTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path SOURCES =
      Path.of("src", "main", "java", "io", "github", "resnetensembles", "examples");
  private static final Pattern BLOCK =
      Pattern.compile(
          "<!-- region (\\w+) (\\w+) -->\\n```java\\n(.*?)```\\n<!-- endregion -->",
          Pattern.DOTALL);

  @Test
  void readmeShowsCodeThatRuns() throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(README, UTF_8));
    int found = 0;
    while (blocks.find()) {
      found++;
      Path source = SOURCES.resolve(blocks.group(1) + ".java");
      assertThat(blocks.group(3))
          .as("the block of README.md that shows region %s of %s", blocks.group(2), source)
          .isEqualTo(region(source, blocks.group(2)));
    }
    assertThat(found).isEqualTo(6);
  }

  /** The lines between the markers, without the indentation they share. */
  private static String region(Path source, String name) throws IOException {
    List<String> lines = Files.readAllLines(source, UTF_8);
    int start = indexOf(lines, "// region " + name, 0) + 1;
    List<String> region = lines.subList(start, indexOf(lines, "// endregion", start));
    int indent =
        region.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElseThrow();
    StringBuilder text = new StringBuilder();
    region.forEach(line -> text.append(line.isBlank() ? "" : line.substring(indent)).append('\n'));
    return text.toString();
  }

  private static int indexOf(List<String> lines, String marker, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(marker)) {
        return i;
      }
    }
    throw new AssertionError("no line " + marker);
  }
}
