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
 */
@MappedBy(LesionReportJson.class)
@JsonForm(
    schema = 1,
    kind = "lesion-report",
    fields =
        "base=baseText baseOperations=base excluded records complete baseline rows cost"
            + " provenance")
public record LesionReport(
    Lesion base,
    LesionRow baseline,
    List<LesionRow> rows,
    List<Integer> excluded,
    Cost cost,
    List<RecordRange> records,
    Provenance provenance)
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
   * @throws IllegalArgumentException if there are no records, they are not disjoint and in order, a
   *     row covers others, two rows are of one planned lesion, a row has other classes or metrics
   *     than the baseline, the baseline is lesioned, or excluded blocks are not sorted
   */
  public LesionReport {
    records = List.copyOf(records);
    rows = List.copyOf(rows);
    excluded = List.copyOf(excluded);
    Require.present("base", base);
    Require.present("cost", cost);
    Require.present("provenance", provenance);
    LesionReports.check(base, baseline, rows, excluded, records);
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
   * cost included, but for the provenance, which lists the runs. Rows stand in the order of the
   * plans that this library draws.
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
   *     stays that of the one run
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
        : rowsByPlan.values().stream().map(this::part).toList();
  }

  private LesionReport part(List<LesionRow> some) {
    Cost part = StudyCost.of(provenance.architecture(), base, baseline, some);
    return new LesionReport(base, baseline, some, excluded, part, records, provenance);
  }

  /**
   * {@return whether baseline and every row cover all records that were asked for; false for what
   * an interrupted study left}
   */
  public boolean complete() {
    return LesionReports.complete(this);
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
