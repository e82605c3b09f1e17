package io.github.resnetensembles.lesion;

import com.google.common.collect.Comparators;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One total order of planned lesions, that of the plans that this library draws: by joined plan, k
 * and draw, and by the numbers in a lesion's text as numbers, fewer numbers first.
 */
final class LesionOrder {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(?![0-9.])");

  private LesionOrder() {}

  /** The items in the order of their lesions. */
  static <T> List<T> sorted(Collection<T> items, Function<T, PlannedLesion> planned) {
    return items.stream()
        .map(item -> new Place<>(item, Key.of(planned.apply(item))))
        .sorted(Comparator.comparing(Place::key))
        .map(Place::item)
        .toList();
  }

  private record Place<T>(T item, Key key) {}

  /** What is compared, taken from the text once. */
  private record Key(PlannedLesion planned, List<Integer> numbers, String words)
      implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.<Key>comparingInt(key -> key.planned.plan().orElse(0))
            .thenComparingInt(key -> key.planned.k().orElse(0))
            .thenComparingInt(key -> key.planned.draw().orElse(0))
            .thenComparingLong(key -> key.planned.seed().orElse(0))
            .thenComparingInt(key -> key.numbers.size())
            .thenComparing(Key::words)
            .thenComparing(Key::numbers, Comparators.lexicographical(Integer::compare))
            .thenComparing(key -> key.planned.lesion().toJson());

    static Key of(PlannedLesion planned) {
      Lesion lesion = planned.lesion();
      String text = lesion.toString();
      return new Key(
          planned,
          NUMBER.matcher(text).results().map(result -> Integer.valueOf(result.group())).toList(),
          NUMBER.matcher(text).replaceAll("#"));
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }
}
