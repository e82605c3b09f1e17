package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.TableResult;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The result of a {@link SequentialStudy}: rows that were each run on batches of images of their
 * own, and what they say of the mean error rate at each k, or of each block's Shapley value.
 *
 * @param design what was asked for
 * @param rounds what was run, one after the other; at least one
 * @param end why no round follows; empty where more would, after an interruption
 * @param report the rows. Each has tallies of its own batches only, the baseline those of all
 *     batches that were taken, so that as a report of one plan it is not complete
 */
@MappedBy(SequentialReportJson.class)
@JsonForm(
    schema = 1,
    kind = "sequential-report",
    fields = "design rounds end? reached points=lines blocks?=valueLines *report")
public record SequentialReport(
    Design design, List<Round> rounds, Optional<End> end, LesionReport report)
    implements TableResult {
  /** Why a study ended. */
  @JsonForm(lowerCase = true)
  public enum End {
    /** Every interval is as narrow as was asked for. */
    TARGET,
    /**
     * All images were taken, and more draws on them would make hardly any interval narrower that is
     * too wide, for the images themselves differ too much; or as many were drawn as a plan can
     * have.
     */
    IMAGES,
    /** Another round would have cost more than was left of the budget. */
    BUDGET
  }

  /**
   * What a study was asked for.
   *
   * @param plan which lesions, and how they are drawn, for people to read
   * @param width of 95 % intervals, above 0
   * @param budget what may be spent, in block evaluations; empty for no limit
   * @param seed of the order in which batches of images are taken
   * @param records that batches are taken from
   * @param batchSize images of a batch, but for the last one of the records
   * @param shapley whether the width is that of the blocks' Shapley values, and not of mean errors
   */
  @JsonForm(fields = "plan width budget? seed records batchSize shapley?")
  public record Design(
      String plan,
      double width,
      OptionalLong budget,
      long seed,
      RecordRange records,
      int batchSize,
      boolean shapley) {
    /** How many batches the first round takes, where there are as many. */
    public static final int FIRST_BATCHES = RoundPlanner.PILOT_BATCHES;

    /**
     * Checks the components.
     *
     * @param plan which lesions
     * @param width of the intervals
     * @param budget what may be spent
     * @param seed of the order of batches
     * @param records that batches are taken from
     * @param batchSize images of a batch
     * @param shapley whether the width is that of Shapley values
     * @throws IllegalArgumentException if a number is out of range
     */
    public Design {
      Require.present("plan", plan);
      plan = Names.oneLine(plan, Names.MAX_KEPT);
      Require.present("budget", budget);
      Require.present("records", records);
      Require.atLeast(1, "batchSize", batchSize);
      width = Require.finite("width", width);
      if (!(width > 0)) {
        throw new InvalidInputException("the width of an interval is above 0, got " + width);
      }
      budget.ifPresent(most -> Require.atLeast(1, "budget", most));
    }

    /** {@return how many batches the records make} */
    public int batches() {
      return (records.end() - records.from() - 1) / batchSize + 1;
    }

    /**
     * The records of a batch.
     *
     * @param number from 0
     * @return its range, of the last batch perhaps a shorter one
     * @throws IllegalArgumentException if there is no such batch
     */
    public RecordRange batch(int number) {
      Require.between(0, batches() - 1, "the number of a batch", number);
      int from = records.from() + number * batchSize;
      return new RecordRange(from, Math.min(from + batchSize, records.end()));
    }

    /**
     * Plans the next round, a function of this design and of what is known so far alone.
     *
     * <p>The first round takes {@value #FIRST_BATCHES} batches and 200 draws of each k (or 400
     * orders), so many to a batch, or lists the lesions of a k of which there are no more. From its
     * rows the variance is known between images, between draws and of what is neither; of all
     * numbers of batches and draws that would make every interval narrow enough, the later rounds
     * take those that cost the least. Of Shapley values a draw is an order, with all its rows on
     * one batch. No round makes more draws of a k than there are, or takes more batches than were,
     * so that an estimate of the variance that is too small by chance does little harm. Batches
     * come in an order that the seed says, and once all were taken they are taken again, by other
     * draws.
     *
     * @param lesions what is drawn, with its seed and exclusion
     * @param base the damage that lesions are added to
     * @param architecture of the network
     * @param rounds that were run
     * @param report what they gave; empty before the first
     * @return the next round, or why there is none
     * @throws io.github.resnetensembles.InvalidLesionException if the lesions cannot be drawn
     */
    public Next next(
        LesionPlan.Builder lesions,
        Lesion base,
        Architecture architecture,
        List<Round> rounds,
        Optional<LesionReport> report) {
      return new RoundPlanner(this, lesions, base, architecture).next(rounds, report);
    }
  }

  /**
   * What a round runs on one batch.
   *
   * @param records of the batch
   * @param plan the lesions
   */
  public record Visit(RecordRange records, LesionPlan plan) {
    /**
     * Checks that both are there.
     *
     * @param records of the batch
     * @param plan the lesions
     */
    public Visit {
      Require.present("records", records);
      Require.present("plan", plan);
    }
  }

  /**
   * What a study does next.
   *
   * @param visits the round that follows, in the order in which its batches are taken; none if the
   *     study ends
   * @param round what is kept of the round; empty if the study ends
   * @param end why it ends; empty if a round follows
   */
  public record Next(List<Visit> visits, Optional<Round> round, Optional<End> end) {
    /**
     * Copies the list.
     *
     * @param visits the round that follows
     * @param round what is kept of it
     * @param end why the study ends
     * @throws IllegalArgumentException if it ends with a round, or does neither
     */
    public Next {
      visits = List.copyOf(visits);
      Require.present("round", round);
      Require.present("end", end);
      if (visits.isEmpty() != end.isPresent() || round.isPresent() == end.isPresent()) {
        throw new InvalidInputException(
            "a study goes on with a round or ends, got %s batches, %s and %s"
                .formatted(visits.size(), round, end));
      }
    }
  }

  /**
   * What was run at once, planned by what was known before it.
   *
   * @param sha256 of what it runs: batches, and the lesions of each
   * @param batches how many batches it takes
   * @param draws how many draws it makes, a listed lesion's each time that it is run included
   * @param cost of them, in block evaluations, exactly
   */
  public record Round(String sha256, int batches, int draws, Cost cost) {
    /**
     * Checks the components.
     *
     * @param sha256 of what it runs
     * @param batches how many batches it takes
     * @param draws how many draws it makes
     * @param cost of them
     * @throws IllegalArgumentException if the hash is none, or a number is below 1
     */
    public Round {
      Require.sha256("sha256", sha256);
      Require.atLeast(1, "batches", batches);
      Require.atLeast(1, "draws", draws);
      Require.present("cost", cost);
    }
  }

  /**
   * Copies the list, and puts the rows in the order of k and draw.
   *
   * @param design what was asked for
   * @param rounds what was run
   * @param end why no round follows
   * @param report the rows
   * @throws IllegalArgumentException if there is no round, or the report has records that the
   *     design does not have
   */
  public SequentialReport {
    rounds = List.copyOf(rounds);
    Require.present("design", design);
    Require.present("end", end);
    Require.present("report", report);
    Require.notEmpty("rounds", rounds);
    report = SequentialMerging.sorted(report);
    for (RecordRange range : report.records()) {
      if (range.from() < design.records().from() || range.end() > design.records().end()) {
        throw new InvalidInputException(
            "the report has the records %s, but batches were taken of %s"
                .formatted(range, design.records()));
      }
    }
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal result
   * @throws InvalidJsonException if the text is none, or of an unknown schema
   */
  public static SequentialReport fromJson(String json) {
    return JsonNode.parse(json, "the sequential report").as(SequentialReport.class);
  }

  /** {@return where the rows come from} */
  @Override
  public Provenance provenance() {
    return report.provenance();
  }

  /**
   * {@return whether the study ended by itself, and all that its rounds ran is here; false for what
   * an interrupted one left}
   */
  public boolean complete() {
    return end.isPresent() && hasAll();
  }

  /** Whether all that the rounds ran is here. */
  boolean hasAll() {
    return rounds.stream().mapToLong(Round::draws).sum() == SequentialPoints.measured(this);
  }

  SequentialReport costing(Cost cost) {
    return new SequentialReport(
        design,
        rounds,
        end,
        new LesionReport(
            report.base(),
            report.baseline(),
            report.rows(),
            report.excluded(),
            cost,
            report.records(),
            report.provenance()));
  }

  /**
   * Merges what several processes measured of one study: interrupted runs, say. What is there twice
   * counts once. {@link SequentialStudy#resume} goes on from what is still missing.
   *
   * @param results of one design, that planned the same rounds as far as they came; at least one
   * @param options what to let pass
   * @return all their rows, as one run of them gives, but for the provenance, which lists the runs
   * @throws MergeException if design, network or images differ, rounds do, results of one row and
   *     batch disagree, fingerprints do not show that one network gave all of them, or they were
   *     not all computed in the same way; but for what an option lets pass
   */
  public static SequentialReport merge(List<SequentialReport> results, MergeOption... options) {
    return SequentialMerging.merge(results, options);
  }

  /** {@return whether every interval is as narrow as was asked for} */
  public boolean reached() {
    return SequentialPoints.targets(design, report).stream()
        .allMatch(of -> of.enough() && of.estimate().interval().width() <= design.width());
  }

  /**
   * The mean error rate at each k, over all lesions of that k and over images in general, with its
   * 95 % interval. The value is the share of wrong predictions among all of a k; where its lesions
   * are listed, the mean over lesions of each one's. The interval is a score interval: the values t
   * for which (value - t)^2 is at most q^2 V(t), q being Student's quantile. V(value) is the
   * variance of the mean over batches, which are independent of each other: all draws of a batch
   * are one observation (of listed lesions, their deviations from each lesion's own mean are). V
   * changes with t as a binomial's variance does, with as many trials as give V(value), which makes
   * it Wilson's interval; or faster, where the batches' means are skewed more than that, as by few
   * lesions that do much (the slope is the ratio of the third and the second cumulant). Where no
   * prediction is wrong, or all are, it is Wilson's of as many trials as there are draws.
   *
   * @return one point for each k, ascending, with all draws that were made on different batches; a
   *     point is {@code complete} where all lesions of its k are listed. A k of which an
   *     interruption left too little for an interval has none
   */
  public List<CurvePoint> points() {
    return estimable().map(SequentialPoints::point).toList();
  }

  /**
   * The Shapley value of each block, for the accuracy, with its 95 % interval over random orders
   * and over images in general: the mean over orders, each on its batch, of how many images more
   * are right with the block than without it, in [-1, 1]. The values add up to the accuracy of the
   * whole network less that of the network without these blocks, each order's batch counting once.
   * All orders of a batch are one observation; the interval is a score interval as that of {@link
   * #points}, but for the binomial's part, whose variance is that of two events more. Where no
   * order changed anything, it is Wilson's upper end for no event in as many trials as there are
   * orders, to both sides.
   *
   * @return by the number of the block, all that are not excluded, in ascending order; none if the
   *     width was that of mean errors, or an interruption left fewer than three batches
   * @throws InvalidInputException if the rows are not those of orders
   */
  public SortedMap<Integer, Estimate> shapley() {
    SortedMap<Integer, Estimate> values = new TreeMap<>();
    if (design.shapley()) {
      NestedOrders.ofBlocks(design, report)
          .forEach(
              (block, of) -> {
                if (of.enough()) {
                  values.put(block, of.estimate(Interval.DEFAULT_LEVEL));
                }
              });
    }
    return Collections.unmodifiableSortedMap(values);
  }

  /** A block, as a line of JSON and CSV. */
  @JsonForm(fields = "block shapley low high")
  record ValueLine(int block, double shapley, double low, double high) {}

  List<ValueLine> valueLines() {
    List<ValueLine> lines = new ArrayList<>();
    shapley()
        .forEach(
            (block, of) ->
                lines.add(
                    new ValueLine(block, of.value(), of.interval().low(), of.interval().high())));
    return lines;
  }

  private Stream<SequentialPoints> estimable() {
    return SequentialPoints.of(design, report).stream().filter(SequentialPoints::enough);
  }

  /** A point, as a line of JSON and CSV. */
  @JsonForm(fields = "k draws distinct listed images value low high")
  record Line(
      int k,
      int draws,
      int distinct,
      boolean listed,
      long images,
      double value,
      double low,
      double high) {
    static Line of(SequentialPoints of) {
      CurvePoint point = of.point();
      Estimate rate = point.errorRate();
      return new Line(
          of.k(),
          point.draws(),
          point.distinct(),
          point.complete(),
          of.draws().images(),
          rate.value(),
          rate.interval().low(),
          rate.interval().high());
    }
  }

  List<Line> lines() {
    return estimable().map(Line::of).toList();
  }

  /**
   * {@return one line for each k, or for each block where the width is that of Shapley values, with
   * the JSON's field names as the header}
   */
  @Override
  public String toCsv() {
    return RowTables.csv(this);
  }
}
