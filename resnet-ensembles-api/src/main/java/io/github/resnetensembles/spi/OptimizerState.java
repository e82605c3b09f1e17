package io.github.resnetensembles.spi;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training network remembers of its updates. Before the first update everything is 0.
 *
 * @param momenta SGD's momentum or AdamW's first moment of every trainable parameter, by tensor
 *     name
 * @param squares AdamW's second moment of every trainable parameter, by tensor name; empty before
 *     the first update by AdamW
 * @param updates how many updates by AdamW the parameters took part in: of stem and head, which
 *     never rest, then of each block; empty before the first
 */
public record OptimizerState(
    Map<String, double[]> momenta, Map<String, double[]> squares, List<Long> updates) {
  /**
   * Copies the maps, not the arrays.
   *
   * @param momenta by tensor name
   * @param squares by tensor name
   * @param updates of stem and head, then of each block
   * @throws IllegalArgumentException if a count is below 0, or there are second moments without
   *     counts or the other way around
   */
  public OptimizerState {
    momenta = Collections.unmodifiableMap(new LinkedHashMap<>(momenta));
    squares = Collections.unmodifiableMap(new LinkedHashMap<>(squares));
    updates = List.copyOf(updates);
    updates.forEach(count -> Require.atLeast(0, "updates", count));
    if (squares.isEmpty() != updates.isEmpty()) {
      throw new InvalidInputException(
          "second moments and numbers of updates belong together, got %s and %s of them"
              .formatted(squares.size(), updates.size()));
    }
  }
}
