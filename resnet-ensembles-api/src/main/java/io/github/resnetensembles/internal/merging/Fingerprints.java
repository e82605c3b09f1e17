package io.github.resnetensembles.internal.merging;

import com.google.common.collect.Comparators;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What fingerprints say about merging. */
final class Fingerprints {
  /** Of those that agree one stands for all, the same in whatever order they are merged. */
  private static final Comparator<Fingerprint> ORDER =
      Comparator.comparing(
          Fingerprint::logits, Comparators.lexicographical(Comparator.<Double>naturalOrder()));

  private Fingerprints() {}

  /**
   * The fingerprint of the merged result; empty if the results are not known to agree.
   *
   * @param noun for one of them, such as "report"
   */
  static Optional<Fingerprint> merged(
      String noun, List<Provenance> origins, boolean allowUnverified) {
    Optional<String> doubt = doubt(noun, origins);
    if (doubt.isEmpty()) {
      return origins.stream().flatMap(origin -> origin.fingerprint().stream()).min(ORDER);
    }
    if (!allowUnverified) {
      throw new MergeException(doubt.get());
    }
    return Optional.empty();
  }

  /** Why one network may not have given all results. */
  private static Optional<String> doubt(String noun, List<Provenance> origins) {
    // Of ten thousand pieces almost all have the same.
    Map<Fingerprint, Integer> firstOf = new LinkedHashMap<>();
    for (int i = 0; i < origins.size(); i++) {
      if (origins.get(i).fingerprint().isEmpty() && origins.size() > 1) {
        return Optional.of(
            ("%s %s has no fingerprint of its network, so nothing shows that one"
                    + " network gave all results; run it again, or allow results that are not"
                    + " verified")
                .formatted(noun, i + 1));
      }
      int number = i;
      origins.get(i).fingerprint().ifPresent(print -> firstOf.putIfAbsent(print, number));
    }
    for (int i : firstOf.values()) {
      for (int j : firstOf.values()) {
        if (j >= i) {
          break;
        }
        Optional<Fingerprint> a = origins.get(j).fingerprint();
        Optional<Fingerprint> b = origins.get(i).fingerprint();
        if (!a.orElseThrow().agrees(b.orElseThrow(), origins.get(i).precision())) {
          return Optional.of(
              String.format(
                  "the fingerprints of %ss %s and %s differ: %s, so two networks gave them, or"
                      + " one in two ways; run both on one network and kind of device, or allow"
                      + " results that are not verified",
                  noun, j + 1, i + 1, difference(a.orElseThrow(), b.orElseThrow())));
        }
      }
    }
    return Optional.empty();
  }

  private static String difference(Fingerprint a, Fingerprint b) {
    int worst = 0;
    double largest = -1;
    for (int i = 0; i < Math.min(a.logits().size(), b.logits().size()); i++) {
      double distance = Math.abs(a.logits().get(i) - b.logits().get(i));
      if (!a.logits().get(i).equals(b.logits().get(i)) && !(distance <= largest)) {
        largest = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
        worst = i;
      }
    }
    return "a logit of noise is " + a.logits().get(worst) + " and " + b.logits().get(worst);
  }
}
