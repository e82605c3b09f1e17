package io.github.resnetensembles.examples.plots;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PathDiagramTest {
  private static final Pattern TEXT = Pattern.compile("<text[^>]*>([^<]*)</text>");

  private static List<String> texts(String svg) {
    return TEXT.matcher(svg).results().map(match -> match.group(1)).toList();
  }

  private static long count(String svg, String part) {
    return Splitter.on(part).splitToStream(svg).count() - 1;
  }

  @Test
  void saysWhatADeletionLeavesOfThePaths() {
    assertThat(texts(PathDiagram.file()).stream().filter(text -> text.length() > 1))
        .containsExactly(
            "3 blocks with skip connections",
            "8 paths",
            "3 blocks with skip connections",
            "block 2 deleted: 4 of 8 paths left",
            "3 blocks without skip connections",
            "block 2 deleted: 0 of 1 path left");
    assertThat(PathDiagram.description())
        .contains("3 blocks with skip connections, block 2 deleted: 4 of 8 paths left.");
  }

  /** Twelve blocks on the paths of three residual blocks, three in each of the three networks. */
  @Test
  void drawsEveryPath() {
    String svg = PathDiagram.file();

    assertThat(count(svg, "<rect")).isEqualTo(3 * 3 + 12 + 12 + 3);
    // Deleted: block 2 of two networks, on four paths of eight and on the only one.
    assertThat(count(svg, Look.color(1))).isEqualTo(2 + 4 + 1);
    assertThat(count(svg, "stroke-dasharray=\"3 4\"")).isEqualTo(4 + 1);
    assertThat(count(svg, "stroke-dasharray=\"none\"")).isEqualTo(3 + 8 + 4);
  }

  @Test
  void partsOfAPageAreAsWideAsTheyMayBe() {
    String wide = PathDiagram.element(true, "a");
    String narrow = PathDiagram.element(false, "b");

    assertThat(wide).startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"810\"");
    assertThat(narrow).startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"270\"");
    assertThat(wide).contains("var(--c-").contains("id=\"a-title\"");
    Matcher height = Pattern.compile("height=\"(\\d+)\"").matcher(narrow);
    assertThat(height.find()).isTrue();
    assertThat(Integer.parseInt(height.group(1))).isGreaterThan(700);
  }
}
