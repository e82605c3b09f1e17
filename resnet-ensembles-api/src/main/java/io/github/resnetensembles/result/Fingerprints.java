package io.github.resnetensembles.result;

import com.google.common.collect.Comparators;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.Precision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What fingerprints say about merging.
 *
 * @param first the number of the first result, from 1, with each of the fingerprints, in order
 * @param without the number of the first result that has none
 */
record Fingerprints(Map<Fingerprint, Integer> first, OptionalInt without, Precision precision) {
  /** Of those that agree one stands for all, the same in whatever order they are merged. */
  private static final Comparator<Fingerprint> ORDER =
      Comparator.comparing(
          Fingerprint::logits, Comparators.lexicographical(Comparator.<Double>naturalOrder()));

  static Fingerprints of(List<Provenance> results) {
    Map<Fingerprint, Integer> first = new LinkedHashMap<>();
    OptionalInt without = OptionalInt.empty();
    for (int i = 0; i < results.size(); i++) {
      Optional<Fingerprint> fingerprint = results.get(i).fingerprint();
      if (fingerprint.isPresent()) {
        first.putIfAbsent(fingerprint.get(), i + 1);
      } else if (without.isEmpty() && results.size() > 1) {
        without = OptionalInt.of(i + 1);
      }
    }
    return new Fingerprints(first, without, results.get(0).precision());
  }

  /** The fingerprint of the merged result; empty if the results are not known to agree. */
  Optional<Fingerprint> merged(boolean allowUnverified) {
    Optional<String> doubt = doubt();
    if (doubt.isEmpty()) {
      return first.keySet().stream().min(ORDER);
    }
    if (!allowUnverified) {
      throw new MergeException(doubt.get());
    }
    return Optional.empty();
  }

  /** Where they differ, if only in last bits. */
  Optional<String> difference() {
    List<Fingerprint> all = new ArrayList<>(first.keySet());
    return all.size() < 2
        ? Optional.empty()
        : Optional.of(
            "the fingerprints of results %s and %s agree only within the tolerance: %s"
                .formatted(
                    first.get(all.get(0)),
                    first.get(all.get(1)),
                    difference(all.get(0), all.get(1))));
  }

  /** Why one network may not have given all results. */
  private Optional<String> doubt() {
    if (without.isPresent()) {
      return Optional.of(
          ("result %s has no fingerprint of its network, so nothing shows that one network gave all"
                  + " results; run it again, or allow results that are not verified")
              .formatted(without.getAsInt()));
    }
    List<Fingerprint> all = new ArrayList<>(first.keySet());
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        Fingerprint a = all.get(j);
        Fingerprint b = all.get(i);
        if (!a.agrees(b, precision)) {
          return Optional.of(
              String.format(
                  "the fingerprints of results %s and %s differ: %s, so two networks gave them, or"
                      + " one in two ways; run both on one network and kind of device, or allow"
                      + " results that are not verified",
                  first.get(a), first.get(b), difference(a, b)));
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
