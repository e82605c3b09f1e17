package io.github.resnetensembles.result;

import com.google.common.collect.Ordering;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.network.Architecture;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A provenance whose text fits into a line and whose fingerprint fits the network. */
@JsonForm(
    fields =
        "weightsSha256 trained architecture assumed? dataSha256 data dataset precision flips?"
            + " batchSize wiringsAtOnce? fingerprint mixed? runs")
record Origin(
    String weightsSha256,
    boolean trained,
    Architecture architecture,
    Map<String, String> assumed,
    String dataSha256,
    String data,
    Optional<KnownDataset> dataset,
    Precision precision,
    Optional<List<Integer>> flips,
    int batchSize,
    OptionalInt wiringsAtOnce,
    Optional<Fingerprint> fingerprint,
    boolean mixed,
    List<Run> runs)
    implements Provenance {
  Origin {
    Require.present("data", data);
    data = Names.oneLine(data, Names.MAX_KEPT);
    runs = List.copyOf(runs);
    assumed = Collections.unmodifiableMap(new LinkedHashMap<>(assumed));
    Require.present("architecture", architecture);
    Require.present("dataset", dataset);
    Require.present("precision", precision);
    Require.present("flips", flips);
    if (flips.isPresent() && precision == precision.kept()) {
      throw new InvalidInputException(
          "flips are of a precision of 16 bits, and not of " + precision);
    }
    flips = flips.map(Origin::checkedFlips);
    Require.present("fingerprint", fingerprint);
    Require.sha256("weightsSha256", weightsSha256);
    Require.sha256("dataSha256", dataSha256);
    Require.atLeast(1, "batchSize", batchSize);
    Require.present("wiringsAtOnce", wiringsAtOnce);
    wiringsAtOnce.ifPresent(wirings -> Require.atLeast(1, "wiringsAtOnce", wirings));
    wiringsAtOnce = wiringsAtOnce.orElse(1) == 1 ? OptionalInt.empty() : wiringsAtOnce;
    int expected = Fingerprint.IMAGES * architecture.head().classes();
    if (fingerprint.isPresent() && fingerprint.get().logits().size() != expected) {
      throw new InvalidInputException(
          String.format(
              "a fingerprint of %s has %s logits, got %s",
              architecture.name(), expected, fingerprint.get().logits().size()));
    }
  }

  private static List<Integer> checkedFlips(List<Integer> flips) {
    flips.forEach(record -> Require.atLeast(0, "flips", record));
    if (!Ordering.natural().isStrictlyOrdered(flips)) {
      throw new InvalidInputException("flips must be records in ascending order, each once");
    }
    return List.copyOf(flips);
  }

  /** As {@link Provenance#builder} says. */
  Origin(String weightsSha256, Architecture architecture, String dataSha256, String data) {
    this(
        weightsSha256,
        false,
        architecture,
        Map.of(),
        dataSha256,
        data,
        Optional.empty(),
        Precision.FLOAT32,
        Optional.empty(),
        1,
        OptionalInt.empty(),
        Optional.empty(),
        false,
        List.of());
  }
}
