package io.github.resnetensembles.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 7, '\n', '\r', '\t', 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200f, 0x2028, 0x2029,
        0x202e, 0x2066, 0xd800, 0xdfff, 0xfeff, 0xffff, 0xfdd0, 0x1fffe, 0xe0041
      })
  void whatIsNotPrintedBecomesAQuestionMark(int codePoint) {
    assertThat(Names.printable(codePoint)).isFalse();
    assertThat(Names.shorten("a" + Character.toString(codePoint) + "b")).isEqualTo("a?b");
    assertThat(Names.oneLine("é" + Character.toString(codePoint) + "中")).isEqualTo("é?中");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "layer1.0.conv1.weight", "poids entraînés", "权重", "😀", " a  b "})
  void otherTextStaysAsItIs(String text) {
    assertThat(Names.shorten(text)).isEqualTo(text);
    assertThat(Names.oneLine(text)).isEqualTo(text);
  }

  @Test
  void onlyTheBeginningOfLongTextIsShown() {
    assertThat(Names.shorten("x".repeat(80))).isEqualTo("x".repeat(80));
    assertThat(Names.shorten("x".repeat(1 << 20))).isEqualTo("x".repeat(80) + "…");
    assertThat(Names.shorten("x".repeat(79) + "😀y")).isEqualTo("x".repeat(79) + "…");
    assertThat(Names.oneLine("x".repeat(1000))).hasSize(1000);
  }

  @Test
  void textThatCannotBeShownIsRefused() {
    assertThat(Names.require("a name", "ok 权", 4)).isEqualTo("ok 权");
    assertThatThrownBy(() -> Names.require("a name", "abcde", 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a name has 5 characters, more than 4: abcde");
    assertThatThrownBy(() -> Names.require("a name", "a\u001b[1m", 80))
        .hasMessage("a name has the character U+001B, which cannot be shown: a?[1m");
    for (String bad : List.of("\n", "\u009b", "\u202e", "\ud800", "\u2028")) {
      assertThatThrownBy(() -> Names.require("a name", bad, 80))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
