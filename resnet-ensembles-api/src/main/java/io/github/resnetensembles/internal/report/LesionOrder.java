package io.github.resnetensembles.internal.report;

import com.google.common.collect.Comparators;
import io.github.resnetensembles.Lesion;
import io.github.resnetensembles.PlannedLesion;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One total order of planned lesions, that of the plans that this library draws: by k and draw, and
 * by the numbers in a lesion's text as numbers.
 */
final class LesionOrder {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(?![0-9.])");

  private static final Comparator<Lesion> LESION =
      Comparator.<Lesion>comparingInt(lesion -> numbers(lesion).size())
          .thenComparing(lesion -> NUMBER.matcher(lesion.toString()).replaceAll("#"))
          .thenComparing(LesionOrder::numbers, Comparators.lexicographical(Integer::compare))
          .thenComparing(Lesion::toJson);

  static final Comparator<PlannedLesion> PLANNED =
      Comparator.<PlannedLesion>comparingInt(row -> row.k().orElse(0))
          .thenComparingInt(row -> row.draw().orElse(0))
          .thenComparingLong(row -> row.seed().orElse(0))
          .thenComparing(PlannedLesion::lesion, LESION);

  private LesionOrder() {}

  private static List<Integer> numbers(Lesion lesion) {
    Matcher matcher = NUMBER.matcher(lesion.toString());
    return matcher.results().map(result -> Integer.valueOf(result.group())).toList();
  }
}
