package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;
import io.github.resnetensembles.internal.statistics.Intervals;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.TableResult;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The same training from several seeds: what the seed does to a network. Each training knows the
 * hash of its weights, {@code provenance().weightsSha256()}.
 *
 * @param seeds those that were asked for, ascending
 * @param trainings those that are there, in the order of their recipes' seeds
 */
@JsonForm(schema = 1, kind = "training-series", fields = "seeds errorRate trainings")
public record TrainingSeries(List<Long> seeds, List<TrainingHistory> trainings)
    implements TableResult {
  private static final String COLUMNS = "seed,weightsSha256," + TrainingHistory.COLUMNS;

  /** The fewest values whose spread is known. */
  private static final int LEAST_FOR_INTERVAL = 2;

  /**
   * Copies the lists.
   *
   * @param seeds those that were asked for
   * @param trainings those that are there
   * @throws IllegalArgumentException if there is no training, seeds do not ascend, a training has a
   *     seed that was not asked for, or trainings differ in more than their seeds
   */
  public TrainingSeries {
    seeds = List.copyOf(seeds);
    trainings = List.copyOf(trainings);
    Require.notEmpty("trainings", trainings);
    requireAscending(seeds);
    List<Long> there = TrainingSeriesMerging.seeds(trainings);
    requireAscending(there);
    if (!seeds.containsAll(there)) {
      throw new InvalidInputException(
          "there are trainings with the seeds %s, but only %s were asked for"
              .formatted(there, seeds));
    }
    TrainingSeriesMerging.requireSame(trainings);
  }

  private static void requireAscending(List<Long> seeds) {
    for (int i = 1; i < seeds.size(); i++) {
      if (seeds.get(i) <= seeds.get(i - 1)) {
        throw new InvalidInputException(
            "the seeds of a series of trainings ascend, got %s after %s"
                .formatted(seeds.get(i), seeds.get(i - 1)));
      }
    }
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal series
   * @throws InvalidJsonException if the text is no series of trainings, or of an unknown schema
   */
  public static TrainingSeries fromJson(String json) {
    return JsonNode.parse(json, "the series of trainings").as(TrainingSeries.class);
  }

  /**
   * Merges series of some seeds each. The order does not matter, and what is there twice counts
   * once.
   *
   * @param pieces at least one
   * @param options what to let pass
   * @return all their trainings
   * @throws MergeException if they differ in more than their seeds, or trainings of the same seed
   *     gave other networks; if they would be {@link MergeOption#MIXED mixed} and that is not asked
   *     for
   */
  public static TrainingSeries merge(List<TrainingSeries> pieces, MergeOption... options) {
    return TrainingSeriesMerging.merge(pieces, options);
  }

  /** {@return whether all trainings are there that were asked for} */
  public boolean complete() {
    return trainings.size() == seeds.size();
  }

  /** {@return the trainings that are missing, as in "seed 3"; none if complete} */
  public List<String> missing() {
    List<Long> there = TrainingSeriesMerging.seeds(trainings);
    return seeds.stream()
        .filter(seed -> !there.contains(seed))
        .map(seed -> "seed " + seed)
        .toList();
  }

  /**
   * {@return the mean of the error rates after the last epochs, with Student's interval at {@value
   * Interval#DEFAULT_LEVEL}, cut off at 0 and 1; empty for a single training. It accounts for the
   * seeds, not for the choice of test images}
   */
  public Optional<Estimate> errorRate() {
    if (trainings.size() < LEAST_FOR_INTERVAL) {
      return Optional.empty();
    }
    double[] rates =
        trainings.stream().mapToDouble(training -> training.last().errorRate()).toArray();
    Estimate mean = Intervals.mean(rates, Interval.DEFAULT_LEVEL);
    // Student's interval knows nothing of the ends of error rates.
    double low = Math.max(0, mean.interval().low());
    double high = Math.min(1, mean.interval().high());
    return Optional.of(
        new Estimate(mean.value(), new Interval(low, high, mean.interval().level())));
  }

  /**
   * {@return what the trainings' provenances have in common, with all runs; the weights are those
   * of the first training, and several have no fingerprint}
   */
  @Override
  public Provenance provenance() {
    return TrainingSeriesMerging.provenance(trainings, MergeOption.MIXED);
  }

  /** {@return one line for each training: its seed, the hash of its weights, its last epoch} */
  @Override
  public String toCsv() {
    return Csv.table(COLUMNS, trainings.stream().map(TrainingSeries::line).toList());
  }

  private static Map<String, Object> line(TrainingHistory training) {
    Map<String, Object> line = new HashMap<>(RecordMapping.values(training.last()));
    line.put("seed", training.recipe().seed());
    line.put("weightsSha256", training.provenance().weightsSha256());
    return line;
  }
}
