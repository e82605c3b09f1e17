package io.github.resnetensembles.internal.merging;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Results that are to become one.
 *
 * @param noun for one of them, such as "report"
 * @param all in any order
 */
public record Pieces<R extends Result>(String noun, List<R> all) {
  /**
   * Copies the list.
   *
   * @throws MergeException if there is none
   */
  public Pieces {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new MergeException("there is nothing to merge: give at least one " + noun);
    }
  }

  public R first() {
    return all.get(0);
  }

  /** Refuses results of other networks or data, or computed otherwise. */
  public void requireOneSource() {
    requireSame("network", result -> result.provenance().architecture());
    requireSame("weights", result -> result.provenance().weightsSha256());
    requireSame("training state", result -> result.provenance().trained());
    requireSame("data", result -> result.provenance().dataSha256());
    requireSame("name of the data", result -> result.provenance().data());
    requireSame("published data set", result -> result.provenance().dataset());
    requireSame("precision", result -> result.provenance().precision());
    requireSame("batch size", result -> result.provenance().batchSize());
  }

  /** Refuses results that differ in something else. */
  public void requireSame(String what, Function<R, Object> property) {
    Object expected = property.apply(first());
    for (R piece : all) {
      Object found = property.apply(piece);
      if (!Objects.equals(expected, found)) {
        throw new MergeException(
            "the %ss differ in their %s: %s and %s; only shards of one study can be merged"
                .formatted(noun, what, expected, found));
      }
    }
  }

  /**
   * Where the merged result comes from: all runs, and a fingerprint if those of the results agree.
   *
   * @throws MergeException if they do not, unless that is allowed
   */
  public Provenance provenance(boolean allowUnverified) {
    return first().provenance().toBuilder()
        .runs(
            all.stream()
                .flatMap(piece -> piece.provenance().runs().stream())
                .distinct()
                .sorted(Comparator.comparing(Provenance.Run::toString))
                .toList())
        .fingerprint(
            Fingerprints.merged(
                noun, all.stream().map(Result::provenance).toList(), allowUnverified))
        .build();
  }
}
