package io.github.resnetensembles.lesion;

import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.lesion.SequentialReport.Design;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the rows of one k say in a sequential study.
 *
 * @param k of them
 * @param listed whether they are all lesions of that k; draws of a k that was listed later do not
 *     count
 * @param distinct how many different lesions they are
 * @param draws on their batches
 * @param enough whether they give an interval, as they do but after an interruption
 */
record SequentialPoints(int k, boolean listed, int distinct, NestedMeans draws, boolean enough) {
  private static final Interrupts INTERRUPTS = Interrupts.during("rows were summed up");

  /** With fewer there is no variance to speak of, and no skewness. */
  private static final int MIN_BATCHES = 3;

  /** What the width that was asked for is about: each k, or each block. */
  static List<SequentialPoints> targets(Design design, LesionReport report) {
    return design.shapley() ? NestedOrders.points(design, report) : of(design, report);
  }

  /** By k, ascending. */
  static List<SequentialPoints> of(Design design, LesionReport report) {
    SortedMap<Integer, List<LesionRow>> byK = new TreeMap<>();
    for (LesionRow row : report.rows()) {
      byK.computeIfAbsent(row.planned().k().orElseThrow(), k -> new ArrayList<>()).add(row);
    }
    List<SequentialPoints> points = new ArrayList<>();
    byK.forEach((k, rows) -> points.add(of(k, rows, design, report)));
    return points;
  }

  private static SequentialPoints of(
      int k, List<LesionRow> all, Design design, LesionReport report) {
    List<LesionRow> lists = all.stream().filter(SequentialPoints::isListed).toList();
    List<LesionRow> rows = lists.isEmpty() ? all : lists;
    NestedDraws draws = new NestedDraws(!lists.isEmpty());
    Set<Object> distinct = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      INTERRUPTS.check();
      LesionRow row = rows.get(i);
      distinct.add(row.kendallTau().isPresent() ? row.order() : row.lesion());
      add(row, lists.isEmpty() ? 0 : i, design, draws);
    }
    boolean enough =
        draws.batches() >= MIN_BATCHES
            && (lists.isEmpty()
                || (draws.repeats() >= 2
                    && rows.size() == ReportStatistics.possible(report, rows.get(0))));
    return new SequentialPoints(k, !lists.isEmpty(), distinct.size(), draws, enough);
  }

  private static boolean isListed(LesionRow row) {
    return row.planned().seed().isEmpty();
  }

  /** A row is one draw on each of its batches. */
  private static void add(LesionRow row, int stratum, Design design, NestedDraws draws) {
    BitSet records = row.records();
    BitSet correct = row.correctRecords();
    int first = records.nextSetBit(0);
    while (first >= 0) {
      int batch = (first - design.records().from()) / design.batchSize();
      RecordRange range = design.batch(batch);
      BitSet wrong = new BitSet();
      int images = 0;
      for (int i = first; i >= 0 && i < range.end(); i = records.nextSetBit(i + 1)) {
        wrong.set(images, !correct.get(i));
        images++;
      }
      draws.add(batch, stratum, wrong, images);
      first = records.nextSetBit(range.end());
    }
  }

  /** Draws in all rows, those that do not count included. */
  static long measured(SequentialReport result) {
    long count = 0;
    for (LesionRow row : result.report().rows()) {
      NestedDraws draws = new NestedDraws(false);
      add(row, 0, result.design(), draws);
      count += draws.draws();
    }
    return count;
  }

  Estimate estimate() {
    return draws.estimate(Interval.DEFAULT_LEVEL);
  }

  CurvePoint point() {
    return new CurvePoint(k, draws.draws(), distinct, listed, estimate());
  }
}
