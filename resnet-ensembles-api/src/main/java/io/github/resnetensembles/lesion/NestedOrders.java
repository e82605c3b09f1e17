package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.lesion.SequentialReport.Design;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What a block contributes to the accuracy in random orders, each on one batch of images: the mean
 * over orders and images is its Shapley value. On one image a block contributes 1, 0 or -1.
 *
 * <p>The interval is a score interval: the values t for which (mean - t)^2 is at most q^2 V(t), q
 * being Student's quantile. V(mean) is the variance over batches; it changes with t as the skewness
 * of the batches says, as it does in {@link NestedDraws}.
 */
final class NestedOrders implements NestedMeans {
  private static final String REMEDY = "; Shapley values need the rows of deleteInRandomOrder()";

  private static final Interrupts INTERRUPTS = Interrupts.during("block values were computed");

  /** With fewer there is no variance to speak of, and no skewness. */
  private static final int MIN_BATCHES = 3;

  private static final int UNSEEN = 2;

  /** What all orders of a batch gave. */
  private static final class Batch {
    private final int images;
    private final List<Integer> contributions = new ArrayList<>();

    Batch(int images) {
      this.images = images;
    }

    int orders() {
      return contributions.size();
    }

    /** Over all orders and images. */
    long sum() {
      return contributions.stream().mapToLong(sum -> sum).sum();
    }

    double weight() {
      return (double) images * orders();
    }
  }

  private final SortedMap<Integer, Batch> byBatch = new TreeMap<>();
  private int orders;
  private long sum;
  private long trials;

  /** At least as many images as changed between right and wrong. */
  private long changes;

  /**
   * Adds an order.
   *
   * @param number a number that tells its batch from others
   * @param contribution how many images more are right with the block than without it
   * @param images of the batch
   */
  void add(int number, int contribution, int images) {
    byBatch.computeIfAbsent(number, batch -> new Batch(images)).contributions.add(contribution);
    orders++;
    sum += contribution;
    trials += images;
    changes += Math.abs(contribution);
  }

  /**
   * Of each block that is not excluded, in order; k is the place among them, and not the number of
   * deleted blocks.
   */
  static List<SequentialPoints> points(Design design, LesionReport report) {
    SortedMap<Integer, NestedOrders> ofBlocks = ofBlocks(design, report);
    List<SequentialPoints> points = new ArrayList<>();
    for (NestedOrders of : ofBlocks.values()) {
      points.add(new SequentialPoints(points.size() + 1, false, of.draws(), of, of.enough()));
    }
    return points;
  }

  /** By the number of the block; of all that are not excluded. */
  static SortedMap<Integer, NestedOrders> ofBlocks(Design design, LesionReport report) {
    SortedMap<Integer, NestedOrders> ofBlocks = new TreeMap<>();
    for (Block block : report.provenance().architecture().blocks()) {
      if (!report.excluded().contains(block.number())) {
        ofBlocks.put(block.number(), new NestedOrders());
      }
    }
    Map<Integer, Tally> intact = new TreeMap<>();
    report.baseline().tallies().forEach(tally -> intact.put(tally.from(), tally));
    for (List<LesionRow> order : orders(report)) {
      INTERRUPTS.check();
      for (Tally tally : order.get(0).tallies()) {
        int batch = (tally.from() - design.records().from()) / design.batchSize();
        Tally whole = intact.get(tally.from());
        if (whole == null) {
          throw notAnOrder(order.get(0));
        }
        add(order, whole, batch, ofBlocks);
      }
    }
    return ofBlocks;
  }

  /** The rows of each draw, the fewest deleted blocks first. */
  private static Collection<List<LesionRow>> orders(LesionReport report) {
    SortedMap<Integer, List<LesionRow>> orders = new TreeMap<>();
    for (LesionRow row : report.rows()) {
      orders
          .computeIfAbsent(row.planned().draw().orElseThrow(), draw -> new ArrayList<>())
          .add(row);
    }
    return orders.values();
  }

  private static void add(
      List<LesionRow> order, Tally intact, int batch, SortedMap<Integer, NestedOrders> ofBlocks) {
    Set<Integer> deleted = Set.of();
    Tally before = intact;
    for (LesionRow row : order) {
      Set<Integer> next = Wirings.deletedAlone(row.lesion(), REMEDY);
      Set<Integer> added = new HashSet<>(next);
      added.removeAll(deleted);
      Tally after =
          row.tallies().stream()
              .filter(tally -> tally.from() == intact.from())
              .findFirst()
              .orElseThrow(() -> notAnOrder(row));
      NestedOrders of = added.size() == 1 ? ofBlocks.get(added.iterator().next()) : null;
      if (of == null || !next.containsAll(deleted)) {
        throw notAnOrder(row);
      }
      of.add(batch, after.wrong() - before.wrong(), after.total());
      deleted = next;
      before = after;
    }
    if (deleted.size() != ofBlocks.size()) {
      throw notAnOrder(order.get(order.size() - 1));
    }
  }

  private static InvalidInputException notAnOrder(LesionRow row) {
    return new InvalidInputException(
        "the rows of draw %s do not delete all blocks one after the other on one batch: see %s%s"
            .formatted(row.planned().draw().orElseThrow(), row.lesion(), REMEDY));
  }

  @Override
  public int draws() {
    return orders;
  }

  @Override
  public int batches() {
    return byBatch.size();
  }

  @Override
  public long images() {
    return byBatch.values().stream().mapToLong(batch -> batch.images).sum();
  }

  boolean enough() {
    return batches() >= MIN_BATCHES;
  }

  private double mean() {
    return (double) sum / trials;
  }

  private double quantile(double level) {
    return TDistribution.of(batches() - 1.0).inverseSurvivalProbability((1 - level) / 2);
  }

  /**
   * The second or third cumulant of the mean, by what each batch adds to it.
   *
   * @param power 2 or 3
   */
  private double moment(int power) {
    double mean = mean();
    return sum(batch -> Math.pow((batch.sum() - mean * batch.weight()) / trials, power));
  }

  private double sum(ToDoubleFunction<Batch> of) {
    return byBatch.values().stream().mapToDouble(of).sum();
  }

  /**
   * Of the mean: that over batches, never below that of as many independent trials, and that of
   * {@value #UNSEEN} events more of the size that the skewness shows. Without these, a few events
   * of one sign say too surely that there are none of the other, and too few rare ones end a study
   * too soon.
   */
  private double variance() {
    double seen = seen();
    double event = Math.max(Math.abs(third() / seen), 1.0 / trials);
    return seen + UNSEEN * event * event;
  }

  private double seen() {
    double batches = batches();
    double mean = mean();
    double independent = ((double) changes / trials - mean * mean) / trials;
    return Math.max(moment(2) * batches / (batches - 1), independent);
  }

  private double third() {
    double batches = batches();
    return moment(3) * batches * batches / ((batches - 1) * (batches - 2));
  }

  /** How the variance goes with the mean: the ratio of its third and its second cumulant. */
  private double slope(double variance) {
    return third() / variance;
  }

  /** Whether every order gives the same on all images: nothing, 1 or -1. */
  private boolean constant() {
    return seen() <= 0;
  }

  @Override
  public Estimate estimate(double level) {
    double mean = mean();
    double square = Math.pow(quantile(level), 2);
    if (constant()) {
      // As Wilson's interval of so many draws; of 0, to both sides.
      double end = square / (orders + square);
      return new Estimate(
          mean,
          new Interval(
              mean == 1 ? 1 - end : Math.max(-1, mean - end),
              mean == -1 ? end - 1 : Math.min(1, mean + end),
              level));
    }
    double variance = variance();
    double middle = square * slope(variance) / 2;
    double root = Math.sqrt(middle * middle + square * variance);
    return new Estimate(
        mean,
        new Interval(Math.max(-1, mean + middle - root), Math.min(1, mean + middle + root), level));
  }

  /** Variance and slope get smaller alike. */
  @Override
  public double allowed(double width, double level) {
    double square = Math.pow(quantile(level), 2);
    if (constant()) {
      return orders / (square * Math.max(2 / width - 1, 1e-9));
    }
    double variance = variance();
    double half = square * slope(variance) / 2;
    // (half f)^2 + square variance f = (width / 2)^2, in the form that keeps its digits.
    double linear = square * variance;
    double constant = width * width / 4;
    return 2 * constant / (linear + Math.sqrt(linear * linear + 4 * half * half * constant));
  }

  /** By analysis of variance between and within batches. */
  @Override
  public Components components() {
    double within = 0;
    double freedom = 0;
    double squares = 0;
    double size = (double) trials / orders;
    double mean = mean();
    for (Batch batch : byBatch.values()) {
      double center = batch.sum() / (double) batch.orders();
      for (int contribution : batch.contributions) {
        within += Math.pow((contribution - center) / batch.images, 2);
      }
      freedom += batch.orders() - 1.0;
      squares += batch.orders() * Math.pow(center / batch.images - mean, 2);
    }
    double rate = (changes + 0.5) / (trials + 1);
    double draws = Math.max(within / Math.max(1, freedom), rate * (1 - rate) / size / 100);
    double ordersOfBatch = (double) orders / batches();
    double between = Math.max(0, (squares / Math.max(1, batches() - 1) - draws) / ordersOfBatch);
    return new Components(between * size, draws, 0);
  }
}
