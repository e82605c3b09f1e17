package io.github.resnetensembles.result;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.internal.merging.SameStudy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The union of provenances, refused where they are not of one study. */
final class MergedOrigins {
  /** What decides about a run's last bits. */
  private record Fact(String name, Function<Provenance.Run, String> of) {}

  private static final List<Fact> FACTS =
      List.of(
          new Fact("backend", Provenance.Run::backend),
          new Fact("engine", Provenance.Run::engine),
          new Fact("engine build", Provenance.Run::engineBuild),
          new Fact("instruction set", Provenance.Run::instructions),
          new Fact("kind of device", MergedOrigins::kindOfDevice));

  private MergedOrigins() {}

  /** One GPU of several is as good as another. */
  private static String kindOfDevice(Provenance.Run run) {
    int colon = run.device().indexOf(':');
    return colon < 0 ? run.device() : run.device().substring(0, colon);
  }

  static Provenance merge(List<Provenance> given, Set<MergeOption> options) {
    SameStudy<Provenance> study = new SameStudy<>(given);
    study.require("network", Provenance::architecture);
    study.require("weights", Provenance::weightsSha256);
    study.require("training state", Provenance::trained);
    study.require("data", Provenance::dataSha256);
    study.require("name of the data", Provenance::data);
    study.require("published data set", Provenance::dataset);
    study.require("precision", Provenance::precision);
    study.require("batch size", Provenance::batchSize);
    study.require(
        "number of wirings at once",
        origin ->
            origin.wiringsAtOnce().isPresent()
                ? String.valueOf(origin.wiringsAtOnce().getAsInt())
                : "1");
    Fingerprints fingerprints = Fingerprints.of(given);
    Optional<Fingerprint> fingerprint =
        fingerprints.merged(options.contains(MergeOption.ALLOW_UNVERIFIED));
    Optional<String> mixture =
        mixture(given)
            .or(() -> fingerprint.isPresent() ? fingerprints.difference() : Optional.empty());
    if (mixture.isPresent() && !options.contains(MergeOption.MIXED) && severalOf(given)) {
      throw new MergeException(
          mixture.get()
              + ", so last bits may differ; run them again in one way, or allow a mixed result");
    }
    return given.get(0).toBuilder()
        .fingerprint(fingerprint)
        .flips(flips(given))
        .mixed(mixture.isPresent() || given.stream().anyMatch(Provenance::mixed))
        .runs(
            given.stream()
                .flatMap(origin -> origin.runs().stream())
                .distinct()
                .sorted(Comparator.comparing(Provenance.Run::toString))
                .toList())
        .build();
  }

  private static Optional<List<Integer>> flips(List<Provenance> given) {
    List<List<Integer>> all =
        given.stream().map(Provenance::flips).flatMap(Optional::stream).toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.stream().flatMap(List::stream).distinct().sorted().toList());
  }

  /** A result may be mixed already: alone, or with itself, it stays what it is. */
  private static boolean severalOf(List<Provenance> given) {
    return new LinkedHashSet<>(given).size() > 1;
  }

  /** How the runs of all results differ in their arithmetic. */
  private static Optional<String> mixture(List<Provenance> given) {
    List<Place> runs = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      for (Provenance.Run run : given.get(i).runs()) {
        runs.add(new Place(i + 1, run));
      }
    }
    return runs.stream().flatMap(run -> runs.get(0).difference(run).stream()).findFirst();
  }

  /** A run of a result, whose number counts from 1. */
  private record Place(int result, Provenance.Run run) {
    Optional<String> difference(Place other) {
      return MergedOrigins.difference(run, other.run)
          .map(
              how ->
                  result == other.result
                      ? "the runs of result %s differ in their %s".formatted(result, how)
                      : "results %s and %s differ in their %s"
                          .formatted(result, other.result, how));
    }
  }

  /** The first fact that two runs differ in. */
  static Optional<String> difference(Provenance.Run a, Provenance.Run b) {
    return FACTS.stream()
        .filter(fact -> !fact.of().apply(a).equals(fact.of().apply(b)))
        .findFirst()
        .map(fact -> fact.name() + ", " + fact.of().apply(a) + " and " + fact.of().apply(b));
  }
}
