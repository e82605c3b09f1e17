package io.github.resnetensembles.training;

import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.internal.merging.SameStudy;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Merging of trainings that differ in their seeds alone. */
final class TrainingSeriesMerging {
  private TrainingSeriesMerging() {}

  static List<Long> seeds(List<TrainingHistory> trainings) {
    return trainings.stream().map(training -> training.recipe().seed()).toList();
  }

  /** Refuses trainings that differ in more than their seeds. */
  static void requireSame(List<TrainingHistory> trainings) {
    SameStudy<TrainingHistory> study = new SameStudy<>(trainings);
    study.require("recipe", training -> training.recipe().toBuilder().seed(0).build().toJson());
    study.require("training images", TrainingHistory::trainingSet);
    study.require("data of the training images", TrainingHistory::trainingSha256);
    study.require("number of test images", training -> training.last().total());
    Provenance unused = provenance(trainings, MergeOption.MIXED);
  }

  /** As if all had given the weights of the first: networks of other seeds are other networks. */
  static Provenance provenance(List<TrainingHistory> trainings, MergeOption... options) {
    Provenance first = trainings.get(0).provenance();
    if (trainings.size() == 1) {
      return first;
    }
    return Provenance.merge(
        trainings.stream()
            .map(
                training ->
                    training.provenance().toBuilder()
                        .weightsSha256(first.weightsSha256())
                        .fingerprint(Optional.empty())
                        .build())
            .toList(),
        Stream.concat(Stream.of(options), Stream.of(MergeOption.ALLOW_UNVERIFIED))
            .toArray(MergeOption[]::new));
  }

  static TrainingSeries merge(List<TrainingSeries> pieces, MergeOption... options) {
    List<TrainingHistory> all =
        new SameStudy<>(pieces)
            .results().stream().flatMap(piece -> piece.trainings().stream()).toList();
    requireSame(all);
    Provenance unused = provenance(all, options);
    SortedSet<Long> seeds = new TreeSet<>();
    pieces.forEach(piece -> seeds.addAll(piece.seeds()));
    SortedMap<Long, TrainingHistory> bySeed = new TreeMap<>();
    for (TrainingHistory training : all) {
      TrainingHistory other = bySeed.putIfAbsent(training.recipe().seed(), training);
      if (other != null && !sameNetwork(other, training)) {
        throw new MergeException(
            "the trainings with the seed %s disagree; merge only pieces of one series"
                .formatted(training.recipe().seed()));
      }
    }
    return new TrainingSeries(List.copyOf(seeds), List.copyOf(bySeed.values()));
  }

  private static boolean sameNetwork(TrainingHistory one, TrainingHistory other) {
    return one.epochs().equals(other.epochs())
        && one.provenance().weightsSha256().equals(other.provenance().weightsSha256());
  }
}
