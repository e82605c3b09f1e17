package io.github.resnetensembles.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.reflect.ClassPath;
import com.google.common.reflect.TypeToken;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecordMappingTest {
  @JsonForm(lowerCase = true)
  enum Colour {
    DARK_RED,
    BLUE
  }

  @JsonForm(array = true)
  record Pair(int first, int second) {
    Pair {
      if (first > second) {
        throw new InvalidInputException("the first is " + first);
      }
    }
  }

  sealed interface Shape {
    @JsonForm(kind = "round")
    record Round(double radius) implements Shape {}

    @JsonForm(kind = "none")
    record None() implements Shape {}
  }

  @JsonForm(fields = "size colours *shape many=number part? other rest? share")
  record All(
      BigInteger number,
      Set<Colour> colours,
      Shape shape,
      OptionalInt part,
      OptionalInt other,
      OptionalDouble rest,
      double share) {
    int size() {
      return colours.size();
    }
  }

  @JsonForm(schema = 2, kind = "box")
  record Box(List<Pair> pairs, Optional<Pair> maybe) {}

  private static final All ALL =
      new All(
          BigInteger.TEN,
          Set.of(Colour.BLUE),
          new Shape.Round(0.5),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalDouble.of(Double.NaN),
          Double.NaN);

  private static final String TEXT =
      "{\"size\":1,\"colours\":[\"blue\"],\"kind\":\"round\",\"radius\":0.5,\"many\":\"10\","
          + "\"other\":null,\"rest\":null,\"share\":null}";

  @Test
  void fieldsStandAsTheFormSays() {
    assertThat(JsonNode.write(All.class, ALL)).isEqualTo(TEXT);
    assertThat(JsonNode.parse(TEXT, "it").as(All.class)).isEqualTo(ALL);
  }

  @Test
  void aKindAndASchemaComeFirstAndAreAskedFor() {
    Box box = new Box(List.of(new Pair(1, 2)), Optional.empty());
    String text = "{\"schema\":2,\"kind\":\"box\",\"pairs\":[[1,2]],\"maybe\":null}";
    assertThat(JsonNode.write(Box.class, box)).isEqualTo(text);
    assertThat(JsonNode.parse(text, "it").as(Box.class)).isEqualTo(box);
    assertThatThrownBy(() -> JsonNode.parse("{\"kind\":\"bag\"}", "it").as(Box.class))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("it is no box: its field 'kind' is not 'box'");
    assertThatThrownBy(() -> JsonNode.parse("{\"kind\":\"box\",\"schema\":1}", "it").as(Box.class))
        .hasMessage("it.schema must be 2");
  }

  @Test
  void errorsSayWhere() {
    refused(TEXT.replace("\"colours\":[\"blue\"],", ""), "it has no field 'colours'");
    refused(TEXT.replace("\"share\":null", "\"s\":1"), "it has no field 'share'");
    refused(
        TEXT.replace("blue", "green"), "it.colours[0] must be one of dark_red, blue, got 'green'");
    refused(TEXT.replace("round", "square"), "it.kind must be one of none, round, got 'square'");
    refused(TEXT.replace("\"10\"", "10"), "it.many must be a text, got 10");
    refused(TEXT.replace("\"10\"", "\"ten\""), "it.many must be an integer in quotes, got 'ten'");
    refused("[]", "it must be an object");
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> JsonNode.parse(text, "it").as(All.class))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage(message);
  }

  @Test
  void arraysHaveTheirLengthAndConstructorsTheirSay() {
    assertThat(JsonNode.parse("[1,2]", "it").as(Pair.class)).isEqualTo(new Pair(1, 2));
    assertThatThrownBy(() -> JsonNode.parse("[1]", "it").as(Pair.class))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("it must be an array of 2, got 1 elements");
    assertThatThrownBy(() -> JsonNode.parse("[2,1]", "it").as(Pair.class))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("it: the first is 2");
  }

  @Test
  void linesOfATableHaveTheFieldsOfWhatIsInside() {
    assertThat(RecordMapping.values(ALL))
        .containsKeys("size", "radius", "many")
        .doesNotContainKeys("shape", "number");
  }

  @Test
  void aTypesMappingIsOfThisType() throws IOException {
    List<Class<?>> mapped =
        ClassPath.from(getClass().getClassLoader())
            .getTopLevelClassesRecursive("io.github.resnetensembles")
            .stream()
            .filter(info -> !info.getPackageName().contains("testkit"))
            .map(ClassPath.ClassInfo::load)
            .<Class<?>>flatMap(
                type -> Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses())))
            .filter(type -> type.isAnnotationPresent(MappedBy.class))
            .toList();
    assertThat(mapped).hasSizeGreaterThan(10);
    for (Class<?> type : mapped) {
      TypeToken<?> mapping = TypeToken.of(type.getAnnotation(MappedBy.class).value());
      assertThat(mapping.resolveType(JsonMapping.class.getTypeParameters()[0]).getRawType())
          .as(type.getName())
          .isEqualTo(type);
    }
  }
}
