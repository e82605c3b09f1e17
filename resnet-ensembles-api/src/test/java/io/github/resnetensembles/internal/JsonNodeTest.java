package io.github.resnetensembles.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Range;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.Lesion;
import io.github.resnetensembles.StudyInterruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors are our own words: what, where, the remedy. */
class JsonNodeTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'a':1} | unexpected text at line 1, column 3
          [1,2 | it ends too early at line 1, column 5
          {"a":tru} | unexpected text at line 1, column 6
          [1] [2] | unexpected text at line 1, column 6
          [NaN] | unexpected text at line 1, column 2
          # | unexpected text at line 1, column 2
          """)
  void textThatIsNoJson(String text, String message) {
    assertThatThrownBy(() -> JsonNode.parse(text, "the plan"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the plan is not JSON: " + message + "; get it again, or write it anew");
  }

  @Test
  void textNestedTooDeeply() {
    assertThatThrownBy(() -> JsonNode.parse("[".repeat(1_000_000), "the plan"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageStartingWith("the plan is not JSON")
        .message()
        .doesNotContain("setStrictness", "Gson", "$");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "1e999999999999", "1e99", "-9223372036854775809", "\"1\"", "true"})
  void numbersThatAreNoIntegers(String number) {
    JsonNode node = JsonNode.parse("[" + number + "]", "the plan").list().get(0);

    assertThatThrownBy(node::longInteger)
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the plan[0] must be an integer, got " + number);
  }

  @Test
  void foreignComplaintsAreNotPassedOn() {
    JsonNode node = JsonNode.parse("[1]", "the plan");
    assertThatThrownBy(() -> node.build(() -> Range.closedOpen(2, 1)))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the plan has values that cannot be together; get the file again");
    assertThatThrownBy(() -> node.build(() -> Integer.parseInt("x")))
        .hasMessage("the plan has values that cannot be together; get the file again");
    assertThatThrownBy(() -> node.build(() -> Lesion.delete(0)))
        .hasMessage("the plan: blocks are numbered from 1, got 0")
        .hasCauseInstanceOf(InvalidLesionException.class);
    assertThatThrownBy(
            () ->
                node.build(
                    () -> {
                      throw new StudyInterruptedException("interrupted", null);
                    }))
        .isInstanceOf(StudyInterruptedException.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void numbersThatJsonHasNoWordFor(double number) {
    assertThatThrownBy(() -> JsonNode.write(new JsonPrimitive(number)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "a number is infinite or none (NaN), and JSON has no word for it; give finite numbers");
  }

  /** A long text is not read to its end by a thread that was interrupted. */
  @Test
  void readingIsInterrupted() {
    String text = "[" + "1,".repeat(2_000_000) + "1]";
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> JsonNode.parse(text, "the plan"))
          .isInstanceOf(StudyInterruptedException.class)
          .hasMessage("interrupted while JSON was read");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
