package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.TableResult;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The raw result of a lesion study. Summaries are computed from its rows.
 *
 * @param base the lesion of the view that was studied; intact for a whole network. Every row's
 *     lesion came after it
 * @param baseline the studied network without further damage
 * @param rows one for each lesion of the plan, in its order
 * @param excluded the blocks that random draws left alone, sorted
 * @param cost block evaluations of these rows and records as one run, known before it; what was
 *     really computed stands in the provenance's runs
 * @param records the records that were asked for: disjoint ranges, in order
 * @param provenance where the result comes from
 * @param plan which rows of which plan these are; empty in results of older versions, and where
 *     results of different plans were merged
 */
@MappedBy(LesionReportJson.class)
@JsonForm(
    schema = 1,
    kind = "lesion-report",
    fields =
        "base=baseText baseOperations=base excluded plan? records complete baseline rows cost"
            + " provenance")
public record LesionReport(
    Lesion base,
    LesionRow baseline,
    List<LesionRow> rows,
    List<Integer> excluded,
    Cost cost,
    List<RecordRange> records,
    Provenance provenance,
    Optional<PlanPart> plan)
    implements TableResult {
  /**
   * Copies the lists and checks that rows and records belong together.
   *
   * @param base the lesion of the view that was studied
   * @param baseline the studied network without further damage
   * @param rows one for each lesion of the plan
   * @param excluded the blocks that random draws left alone
   * @param cost block evaluations
   * @param records the records that were asked for
   * @param provenance where the result comes from
   * @param plan which rows of which plan these are
   * @throws IllegalArgumentException if there are no records, they are not disjoint and in order, a
   *     row covers others, two rows are of one planned lesion, a row has other classes or metrics
   *     than the baseline, the baseline is lesioned, excluded blocks are not sorted, or the plan's
   *     part has another number of rows
   */
  public LesionReport {
    records = List.copyOf(records);
    rows = List.copyOf(rows);
    excluded = List.copyOf(excluded);
    Require.present("base", base);
    Require.present("cost", cost);
    Require.present("provenance", provenance);
    Require.present("plan", plan);
    LesionReports.check(base, baseline, rows, excluded, records);
    LesionReports.checkPlan(rows, plan);
  }

  /**
   * A report that does not know its plan.
   *
   * @param base the lesion of the view that was studied
   * @param baseline the studied network without further damage
   * @param rows one for each lesion of the plan
   * @param excluded the blocks that random draws left alone
   * @param cost block evaluations
   * @param records the records that were asked for
   * @param provenance where the result comes from
   * @throws IllegalArgumentException as the other constructor
   */
  public LesionReport(
      Lesion base,
      LesionRow baseline,
      List<LesionRow> rows,
      List<Integer> excluded,
      Cost cost,
      List<RecordRange> records,
      Provenance provenance) {
    this(base, baseline, rows, excluded, cost, records, provenance, Optional.empty());
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal report
   * @throws InvalidJsonException if the text is no lesion report, or of an unknown schema
   */
  public static LesionReport fromJson(String json) {
    return JsonNode.parse(json, "the report").as(LesionReport.class);
  }

  /**
   * Merges results of shards: of rows, of ranges of records, or of both. The order does not matter,
   * and what is there twice counts once. The result equals that of one run of all rows and records,
   * cost included, but for the provenance, which lists the runs. Rows stand in the order of their
   * plan; where results do not know it, or are of different plans, in the order of the plans that
   * this library draws.
   *
   * @param reports at least one
   * @return all their rows
   * @throws MergeException if network, data, precision, batch size, class count or metrics differ,
   *     results of the same row and record disagree, ranges of records overlap so that losses
   *     cannot be told apart, fingerprints do not show that one network gave all of them, or they
   *     were not all computed in the same way, so that last bits may differ
   * @throws RunInterruptedException if the thread was interrupted
   */
  public static LesionReport merge(LesionReport... reports) {
    return merge(Arrays.asList(reports));
  }

  /**
   * Merges as {@link #merge(LesionReport...)} does, with options.
   *
   * @param reports at least one
   * @param options what to let pass
   * @return all their rows; a row measured on several ranges has one tally for each
   * @throws MergeException as {@link #merge(LesionReport...)}, for what no option lets pass
   * @throws RunInterruptedException if the thread was interrupted
   */
  public static LesionReport merge(List<LesionReport> reports, MergeOption... options) {
    return Merging.merge(reports, options);
  }

  /**
   * Takes the result of {@linkplain LesionPlan#join joined} plans apart.
   *
   * @return one report for each plan that has a row here, with the rows of that plan alone, in
   *     their order and with their cost; this report itself if no plans were joined. The provenance
   *     stays that of the one run. Of a report that lacks rows, each says which rows of the joined
   *     plan it has
   */
  public List<LesionReport> byPlan() {
    Map<Integer, List<LesionRow>> rowsByPlan = new TreeMap<>();
    for (LesionRow row : rows) {
      OptionalInt plan = row.planned().plan();
      if (plan.isEmpty()) {
        return List.of(this);
      }
      rowsByPlan
          .computeIfAbsent(plan.getAsInt(), number -> new ArrayList<>())
          .add(
              new LesionRow(row.planned().inPlan(OptionalInt.empty()), row.order(), row.tallies()));
    }
    return rowsByPlan.isEmpty()
        ? List.of(this)
        : rowsByPlan.entrySet().stream().map(part -> part(part.getKey(), part.getValue())).toList();
  }

  private LesionReport part(int number, List<LesionRow> some) {
    Cost part = StudyCost.of(provenance.architecture(), base, baseline, some);
    return new LesionReport(
        base,
        baseline,
        some,
        excluded,
        part,
        records,
        provenance,
        plan.map(whole -> LesionReports.partOf(whole, this, number, some)));
  }

  /**
   * {@return whether every row of the plan is there, or this is one shard of it, and baseline and
   * every row cover all records that were asked for; false for what an interrupted study left, and
   * for a merge of some shards. A report that does not know its plan has all rows}
   */
  public boolean complete() {
    return LesionReports.complete(this);
  }

  /**
   * What keeps this report from being complete.
   *
   * @return rows by their numbers in the plan, and records of the rows that are there, in words;
   *     nothing if it is complete
   */
  public List<String> missing() {
    return LesionReports.missing(this);
  }

  /**
   * {@return intervals, tests and summaries of the rows}
   *
   * @throws InvalidInputException if there is no row, fewer than 2 images, images of one class
   *     only, or a row covers other images than the baseline
   * @throws RunInterruptedException if the thread was interrupted
   */
  public LesionStatistics statistics() {
    return ReportStatistics.of(this);
  }

  /**
   * The values of the blocks, from the rows of {@link LesionPlan#deleteSubsets} or {@link
   * LesionPlan#deleteInRandomOrder}: {@link BlockValues#of} at the default level.
   *
   * @param payoff what a set of blocks is worth
   * @return the values
   * @throws InvalidInputException as {@link BlockValues#of} does
   */
  public BlockValues blockValues(Payoff payoff) {
    return BlockValues.of(this, payoff, Interval.DEFAULT_LEVEL);
  }

  /**
   * Says which rows of which plan these are, where that is known better.
   *
   * @param newPlan as many rows
   * @return the changed copy
   * @throws InvalidInputException if it has another number of rows
   */
  public LesionReport withPlan(PlanPart newPlan) {
    return new LesionReport(
        base, baseline, rows, excluded, cost, records, provenance, Optional.of(newPlan));
  }

  String baseText() {
    return base.toString();
  }

  /**
   * {@return one line for each row, with the JSON's field names as the header; a thread that was
   * interrupted gets it, too, as it gets the JSON}
   */
  @Override
  public String toCsv() {
    return RowTables.csv(this);
  }
}
