package io.github.resnetensembles.internal;

import io.github.resnetensembles.MergeException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Results that are to be merged, which must have much in common.
 *
 * @param <R> what they are
 * @param results at least one
 */
public record SameStudy<R>(List<R> results) {
  /** Refuses to merge nothing. */
  public SameStudy {
    if (results.isEmpty()) {
      throw new MergeException("there is nothing to merge: give at least one result");
    }
  }

  /** Refuses results that differ in what they should have in common. */
  public void require(String what, Function<? super R, ?> property) {
    Object expected = property.apply(results.get(0));
    for (R result : results) {
      Object found = property.apply(result);
      if (!Objects.equals(found, expected)) {
        throw new MergeException(
            String.format(
                "the results differ in their %s: %s and %s; only shards of one study can be merged",
                what, expected, found));
      }
    }
  }
}
