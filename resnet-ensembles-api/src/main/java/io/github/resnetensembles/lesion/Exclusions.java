package io.github.resnetensembles.lesion;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedSet;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.Architecture;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of exclusion. */
final class Exclusions {
  /** Exclusions as JSON: their text. */
  static final class Mapping implements JsonMapping<Exclusion> {
    @Override
    public JsonElement write(Exclusion exclusion) {
      return new JsonPrimitive(exclusion.toString());
    }

    @Override
    public Exclusion read(JsonNode node) {
      return node.build(() -> parse(node.text()));
    }
  }

  private record Named(String name, Function<Architecture, Set<Integer>> rule)
      implements Exclusion {
    @Override
    public Set<Integer> blocks(Architecture architecture) {
      return rule.apply(architecture);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Listed(ImmutableSortedSet<Integer> numbers) implements Exclusion {
    @Override
    public Set<Integer> blocks(Architecture architecture) {
      Wirings.checkExist(numbers, architecture);
      return numbers;
    }

    @Override
    public String toString() {
      return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
  }

  static final Exclusion NONE = new Named("none", architecture -> ImmutableSortedSet.of());
  static final Exclusion TRANSITIONS = new Named("transitions", Architecture::transitions);
  static final Exclusion PUBLISHED =
      new Named(
          "published",
          architecture ->
              ImmutableSortedSet.<Integer>naturalOrder()
                  .add(1)
                  .addAll(architecture.transitions())
                  .build());

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

  private Exclusions() {}

  static Exclusion of(Collection<Integer> blocks) {
    return blocks.isEmpty() ? NONE : new Listed(ImmutableSortedSet.copyOf(blocks));
  }

  static Exclusion parse(String text) {
    return switch (text) {
      case "none" -> NONE;
      case "transitions" -> TRANSITIONS;
      case "published" -> PUBLISHED;
      default -> {
        List<String> numbers = Splitter.on(',').splitToList(text);
        if (!numbers.stream().allMatch(number -> NUMBER.matcher(number).matches())) {
          throw new InvalidLesionException(
              ("an exclusion is none, transitions, published or block numbers like 1,19,37,"
                      + " got '%s'")
                  .formatted(text));
        }
        yield of(numbers.stream().map(Integer::valueOf).toList());
      }
    };
  }
}
