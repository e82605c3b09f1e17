package io.github.resnetensembles.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Range;
import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
                      throw new RunInterruptedException("interrupted");
                    }))
        .isInstanceOf(RunInterruptedException.class);
  }

  /** Where a complaint was made says nothing: these are thrown in this library's own class. */
  @Test
  void complaintsOfTheJvmAreNotPassedOn() {
    JsonNode node = JsonNode.parse("[1]", "the plan");
    int[] numbers = {1};
    String nothing = System.getProperty("no such property");
    for (Supplier<Object> broken :
        List.<Supplier<Object>>of(
            () -> numbers[numbers[0]],
            () -> 1 / (numbers[0] - 1),
            () -> nothing.length(),
            () -> (Integer) (Object) "one",
            () -> {
              throw new IllegalArgumentException("said by another library");
            })) {
      assertThatThrownBy(() -> node.build(broken))
          .isInstanceOf(InvalidJsonException.class)
          .hasMessage("the plan has values that cannot be together; get the file again");
    }
    assertThatThrownBy(() -> node.build(() -> Architecture.of("no-such-network")))
        .hasMessageStartingWith("the plan: no architecture is named 'no-such-network'");
  }

  @Test
  void valuesAreShortenedAndOnOneLine() {
    String long1 = "\"" + "x".repeat(1 << 20) + "\"";
    String turned = "\"a\u202eb\u009bc\\nd\"";
    String digits = "1" + "0".repeat(1 << 16);
    List<ThrowingCallable> refusals =
        List.of(
            () -> first(long1).longInteger(),
            () -> first(long1).bool(),
            () -> first(long1).number(),
            () -> first(long1).constant(Precision.class),
            () -> first(digits).text(),
            () -> first(digits).number(),
            () -> first(digits).longInteger(),
            () -> first(turned).bool(),
            () -> first(turned).number(),
            () -> first(turned).text(),
            () -> JsonNode.parse("{" + long1 + ":{\"a\":1,\"a\":2}}", "the plan"));
    for (ThrowingCallable refusal : refusals) {
      assertThatThrownBy(refusal)
          .isInstanceOf(InvalidJsonException.class)
          .message()
          .hasSizeLessThan(250)
          .matches(text -> text.codePoints().allMatch(Names::printable));
    }
  }

  private static JsonNode first(String value) {
    return JsonNode.parse("[" + value + "]", "the plan").list().get(0);
  }

  @Test
  void zerosHaveNoSign() {
    JsonArray numbers = JsonNode.array(List.<Number>of(-0.0, 0.0, -1.5, 1e-300, 3, 4L));
    assertThat(JsonNode.write(numbers)).isEqualTo("[0.0,0.0,-1.5,1.0E-300,3,4]");
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
          .isInstanceOf(RunInterruptedException.class)
          .hasMessage("interrupted while JSON was read");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
