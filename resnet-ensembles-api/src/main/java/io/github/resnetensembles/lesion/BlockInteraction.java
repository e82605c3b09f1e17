package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.statistics.Interval;
import java.util.List;
import java.util.Optional;

/**
 * How much two blocks together differ from the sum of the two.
 *
 * @param first the lower block number
 * @param second the higher block number
 * @param value 0 if the two act independently of each other
 * @param interval over images; empty where there is none
 */
@JsonForm(fields = "blocks value *interval")
public record BlockInteraction(int first, int second, double value, Optional<Interval> interval) {
  /**
   * Checks the components.
   *
   * @param first the lower block number
   * @param second the higher block number
   * @param value 0 if the two act independently of each other
   * @param interval over images
   * @throws IllegalArgumentException if a number is out of its range
   */
  public BlockInteraction {
    Require.present("interval", interval);
    Require.atLeast(1, "first", first);
    Require.atLeast(first + 1L, "second", second);
    value = Require.finite("value", value);
  }

  List<Integer> blocks() {
    return List.of(first, second);
  }
}
