package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Do lesioned networks behave like an ensemble? Its members are the rows of a study, each a network
 * with another lesion; their average is the prediction with the mean of their log-probabilities.
 *
 * <p>The loss of that average is the mean loss of the members minus their ambiguity, the mean
 * Kullback-Leibler divergence of the average from the members, which is never negative: the
 * decomposition of Krogh and Vedelsby 1995 in the form for cross-entropy of Heskes 1998. Members
 * that fail on different images are ambiguous, and their average is then better than they are.
 *
 * <p>The controls are the same study of a plain twin, and of deleted skip connections ({@link
 * LesionPlan#deleteEachSkip}).
 *
 * <p>Networks near chance are no members of anything: they agree with each other because they say
 * the same to every image, and drag the average down. {@link #fitMembers} has the rule.
 *
 * @param members one row for each member; the baseline is the network without further damage
 * @param average how the average of the members did
 */
@JsonForm(
    schema = 1,
    kind = "ensemble-analysis",
    fields =
        "members=size total baselineErrorRate meanErrorRate averageErrorRate meanLoss"
            + " averageLoss ambiguity errorCorrelation=correlation average *members")
public record EnsembleAnalysis(LesionReport members, Tally average) implements Result {
  /**
   * Checks the components.
   *
   * @param members one row for each member
   * @param average how the average of the members did
   * @throws IllegalArgumentException if a number is out of its range
   */
  public EnsembleAnalysis {
    Require.present("members", members);
    Require.present("average", average);
    Require.notEmpty("the members", members.rows());
    if (average.total() != members.baseline().total()
        || !average.classTotals().equals(members.baseline().classTotals())) {
      throw new InvalidInputException(
          "the average counts other images than the members: %s of each class and %s"
              .formatted(average.classTotals(), members.baseline().classTotals()));
    }
  }

  /**
   * The lesions of a study that leave a network which is fit to be a member: its error rate is
   * below half the room from the intact network's to that of chance, 1 - 1/classes. Choose them on
   * some images and evaluate the ensemble on others: chosen by what they are evaluated on, members
   * look better than they are.
   *
   * @param study the candidates, one row each
   * @param records the numbers of the images that are looked at, of which the rows must have some
   * @return the rows' lesions, in their order; none if the intact network is not better than chance
   * @throws InvalidInputException if the study has none of these records, or a row others than its
   *     baseline
   */
  public static List<Lesion> fitMembers(LesionReport study, BitSet records) {
    return FitMembers.of(study, records);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal analysis
   * @throws InvalidJsonException if the text is no ensemble analysis, or of an unknown schema
   */
  public static EnsembleAnalysis fromJson(String json) {
    return JsonNode.parse(json, "the text").as(EnsembleAnalysis.class);
  }

  /** {@return where the members' report comes from} */
  @Override
  public Provenance provenance() {
    return members.provenance();
  }

  int size() {
    return members.rows().size();
  }

  int total() {
    return average.total();
  }

  double baselineErrorRate() {
    return members.baseline().errorRate();
  }

  /** Empty where no two members vary. */
  Optional<Estimate> correlation() {
    try {
      return Optional.of(errorCorrelation());
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  /** {@return the mean error rate of the members, in [0, 1]} */
  public double meanErrorRate() {
    return members.rows().stream().mapToDouble(LesionRow::errorRate).average().orElseThrow();
  }

  /** {@return the error rate of the members' average, with its Wilson interval at 95 %} */
  public Estimate averageErrorRate() {
    return Estimate.errorRate(average.wrong(), average.total(), Interval.DEFAULT_LEVEL);
  }

  /** {@return the mean loss of the members, in nats; empty if one is not finite} */
  public OptionalDouble meanLoss() {
    List<LesionRow> rows = members.rows();
    return rows.stream().allMatch(row -> row.loss().isPresent())
        ? rows.stream().mapToDouble(row -> row.loss().orElseThrow()).average()
        : OptionalDouble.empty();
  }

  /** {@return the loss of the members' average, in nats; empty if it is not finite} */
  public OptionalDouble averageLoss() {
    return Tallies.loss(List.of(average));
  }

  /**
   * {@return the mean loss minus the loss of the average, in nats: at least 0 but for rounding;
   * empty if one of them is}
   */
  public OptionalDouble ambiguity() {
    OptionalDouble mean = meanLoss();
    OptionalDouble ofAverage = averageLoss();
    return mean.isPresent() && ofAverage.isPresent()
        ? OptionalDouble.of(mean.getAsDouble() - ofAverage.getAsDouble())
        : OptionalDouble.empty();
  }

  /**
   * {@return the mean correlation of the errors of two members: {@link
   * LesionStatistics#errorCorrelation}}
   *
   * @throws InvalidInputException as that does
   */
  public Estimate errorCorrelation() {
    return members.statistics().errorCorrelation();
  }
}
