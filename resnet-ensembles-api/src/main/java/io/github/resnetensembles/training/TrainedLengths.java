package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.io.MappedBy;

/**
 * The path lengths whose gradient trains. This is no wiring: the forward pass is unchanged. A
 * block's parameters get the sum of what reaches them over paths of these lengths, counting the
 * branches from the loss down to and including that block; the stem's parameters count all
 * branches; the head always gets its full gradient.
 *
 * @param from the shortest, at least 0
 * @param to the longest
 */
@MappedBy(RecipeJson.Lengths.class)
public record TrainedLengths(int from, int to) {
  /**
   * Checks the range.
   *
   * @param from the shortest
   * @param to the longest
   * @throws InvalidInputException if it is empty or begins below 0
   */
  public TrainedLengths {
    if (from < 0 || to < from) {
      throw new InvalidInputException(
          "trained path lengths run from at least 0 to at least as much, got %s to %s"
              .formatted(from, to));
    }
  }

  /** {@return every length: the ordinary gradient} */
  public static TrainedLengths all() {
    return new TrainedLengths(0, Integer.MAX_VALUE);
  }

  /** {@return whether no length is left out, whatever the network} */
  public boolean unrestricted() {
    return from == 0 && to == Integer.MAX_VALUE;
  }

  /**
   * Tells whether a length trains.
   *
   * @param length a path length
   * @return whether it is in the range
   */
  public boolean contains(int length) {
    return from <= length && length <= to;
  }
}
