package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the documentation shows is code that runs: each block of Java stands after a line {@code
 * <!-- region CLASS NAME -->} and equals the region of that name in the class, an example, or a
 * test of this or the api module.
 */
class DocumentationTest {
  private static final Path ROOT = Path.of("..");
  private static final Path EXAMPLES =
      Path.of("src", "main", "java", "io", "github", "resnetensembles", "examples");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Path API_TESTS = ROOT.resolve("resnet-ensembles-api/src/test/java");
  private static final Pattern FENCE = Pattern.compile("^```java", Pattern.MULTILINE);
  private static final Pattern BLOCK =
      Pattern.compile(
          "^<!-- region (\\w+) (\\w+) -->\\n```java\\n(.*?)```\\n<!-- endregion -->",
          Pattern.DOTALL | Pattern.MULTILINE);

  /** A block of Java, and where it says that it comes from. */
  private record Quotation(String type, String region, String code) {}

  @ParameterizedTest
  @MethodSource("documents")
  void documentsShowCodeThatRuns(Path document) throws IOException {
    List<Quotation> quotations = quotations(document);

    assertThat(FENCE.matcher(Files.readString(document, UTF_8)).results())
        .as("blocks of Java in %s, each between <!-- region CLASS NAME --> and endregion", document)
        .hasSameSizeAs(quotations);
    for (Quotation quotation : quotations) {
      Path source = source(quotation.type);
      assertThat(quotation.code)
          .as("the block of %s that shows region %s of %s", document, quotation.region, source)
          .isEqualTo(region(source, quotation.region));
    }
  }

  @Test
  void everyExampleIsShownAndNamedInTheGuide() throws IOException {
    List<String> shown = new ArrayList<>();
    for (Path document : documents().toList()) {
      quotations(document).forEach(quotation -> shown.add(quotation.type));
    }
    List<String> examples = files(EXAMPLES, "*Example.java").map(DocumentationTest::type).toList();

    assertThat(examples).hasSizeGreaterThan(10);
    assertThat(shown).containsAll(examples);
    assertThat(Files.readString(ROOT.resolve("docs/guide.md"), UTF_8))
        .contains(examples.stream().map(example -> "`" + example + "`").toList());
  }

  /** JBang cannot be had here: its header is compared with what Maven builds with. */
  @Test
  void theFirstStudyIsTheGuidesWithTheDependenciesOfTheBuild() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"), UTF_8);
    String library = found(pom, "<artifactId>resnet-ensembles-parent</artifactId>\\s*<version>");
    String study = Files.readString(ROOT.resolve("docs/FirstStudy.java"), UTF_8);

    assertThat(study).startsWith("///usr/bin/env jbang \"$0\" \"$@\" ; exit $?\n//JAVA 17+\n");
    assertThat(study.replaceAll("(?m)^ {4}", ""))
        .contains(region(source("LesionStudyExample"), "readme"));
    assertThat(study.lines().filter(line -> line.startsWith("//DEPS ")))
        .containsExactly(
            "//DEPS io.github.resnetensembles:resnet-ensembles-djl:" + library,
            "//DEPS ai.djl.pytorch:pytorch-native-cpu:%s:linux-x86_64"
                .formatted(found(pom, "<pytorch.version>")),
            "//DEPS org.slf4j:slf4j-nop:" + found(pom, "<slf4j.version>"));
  }

  /** The text between a start and the next tag. */
  private static String found(String text, String start) {
    Matcher matcher = Pattern.compile(start + "([^<]+)<").matcher(text);
    assertThat(matcher.find()).as(start).isTrue();
    return matcher.group(1);
  }

  static Stream<Path> documents() throws IOException {
    return Stream.concat(Stream.of(ROOT.resolve("README.md")), files(ROOT.resolve("docs"), "*.md"));
  }

  private static List<Quotation> quotations(Path document) throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(document, UTF_8));
    return blocks
        .results()
        .map(block -> new Quotation(block.group(1), block.group(2), block.group(3)))
        .toList();
  }

  private static Path source(String type) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Path folder : List.of(EXAMPLES, TESTS, API_TESTS)) {
      sources.addAll(files(folder, type + ".java").toList());
    }
    assertThat(sources).as("sources of %s", type).hasSize(1);
    return sources.get(0);
  }

  private static Stream<Path> files(Path folder, String glob) throws IOException {
    PathMatcher names = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> names.matches(file.getFileName())).sorted().toList().stream();
    }
  }

  private static String type(Path source) {
    return source.getFileName().toString().replace(".java", "");
  }

  /** The lines between the markers, without the indentation they share. */
  private static String region(Path source, String name) throws IOException {
    List<String> lines = Files.readAllLines(source, UTF_8);
    int start = indexOf(source, lines, "// region " + name, 0) + 1;
    List<String> region = lines.subList(start, indexOf(source, lines, "// endregion", start));
    int indent =
        region.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElseThrow();
    StringBuilder text = new StringBuilder();
    region.forEach(line -> text.append(line.isBlank() ? "" : line.substring(indent)).append('\n'));
    return text.toString().stripTrailing() + "\n";
  }

  private static int indexOf(Path source, List<String> lines, String marker, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(marker)) {
        return i;
      }
    }
    throw new AssertionError("no line " + marker + " in " + source);
  }
}
