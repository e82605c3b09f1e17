package io.github.resnetensembles.lesion;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.lesion.NestedMeans.Components;
import io.github.resnetensembles.lesion.SequentialReport.Design;
import io.github.resnetensembles.lesion.SequentialReport.End;
import io.github.resnetensembles.lesion.SequentialReport.Next;
import io.github.resnetensembles.lesion.SequentialReport.Round;
import io.github.resnetensembles.lesion.SequentialReport.Visit;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.statistics.Interval;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.rng.sampling.PermutationSampler;

/** Plans the rounds of a sequential study: see {@link Design#next}. */
final class RoundPlanner {
  /** Batches of the first round. */
  static final int PILOT_BATCHES = 50;

  /** Draws of each k in the first round. */
  static final int PILOT_DRAWS = 200;

  /** Orders in the first round: the few in which a block is worth much must be among them. */
  static final int PILOT_ORDERS = 400;

  /** Batches of each listed lesion at first: with fewer, the variance is not known well. */
  static final int LIST_REPEATS = 5;

  /**
   * What a round takes.
   *
   * @param batches new ones, or old ones where there are no more
   * @param draws for each k
   * @param enough whether all intervals should then be narrow enough
   */
  record Size(int batches, SortedMap<Integer, Integer> draws, boolean enough) {
    Size scaled(double factor) {
      SortedMap<Integer, Integer> fewer = new TreeMap<>();
      draws.forEach((k, count) -> fewer.put(k, scaled(count, factor)));
      return new Size(
          Math.min(scaled(batches, factor), Collections.max(fewer.values())), fewer, enough);
    }

    private static int scaled(int count, double factor) {
      return (int) Math.max(1, Math.floor(count * factor));
    }
  }

  /** A k whose interval is too wide. */
  private record Open(
      SequentialPoints point, Components components, double variance, double wanted) {
    /**
     * The relative variance of the mean after a round: what there is weighs by its draws, and so do
     * the new ones.
     */
    double after(int batches, int draws, int batchSize) {
      double images = (double) Math.min(batches, draws) * batchSize;
      double old = point.draws().draws();
      double added = components.ofMean(images, draws, batchSize);
      return (variance * old * old + added * draws * draws) / ((old + draws) * (old + draws));
    }
  }

  private static final Interrupts INTERRUPTS = Interrupts.during("a round was planned");

  /** From one size that is tried to the next. */
  private static final double STEP = 1.2;

  /** Draws of a k on one batch that are tried at the most. */
  private static final int MOST_DRAWS = 32;

  /** Of all lesions that are drawn: a plan that has more is refused. */
  private static final long MOST_STEPS = 50_000_000;

  /** What images alone leave of an interval's variance, if more draws are hardly worth it. */
  private static final double SHARE_OF_IMAGES = 0.8;

  private final Design design;
  private final LesionPlan.Builder lesions;
  private final Lesion base;
  private final Architecture architecture;
  private final Map<Integer, LesionPlan> plans = new HashMap<>();

  RoundPlanner(Design design, LesionPlan.Builder lesions, Lesion base, Architecture architecture) {
    this.design = design;
    this.lesions = lesions;
    this.base = base;
    this.architecture = architecture;
  }

  private Next round(List<Visit> visits, Cost cost) {
    Hasher hasher = Hashing.sha256().newHasher();
    int draws = 0;
    for (Visit visit : visits) {
      String line = visit.records().from() + " " + visit.plan().sha256() + "\n";
      hasher.putString(line, StandardCharsets.UTF_8);
      draws += visit.plan().rows().size();
    }
    Round round = new Round(hasher.hash().toString(), visits.size(), draws, cost);
    return new Next(visits, Optional.of(round), Optional.empty());
  }

  private static Next end(End end) {
    return new Next(List.of(), Optional.empty(), Optional.of(end));
  }

  Next next(List<Round> rounds, Optional<LesionReport> report) {
    if (report.isEmpty()) {
      return planned(new Taken(0, Map.of()), pilot(), 0);
    }
    Map<Integer, List<LesionRow>> rows = new LinkedHashMap<>();
    for (LesionRow row : report.get().rows()) {
      rows.computeIfAbsent(row.planned().k().orElseThrow(), k -> new ArrayList<>()).add(row);
    }
    List<SequentialPoints> points = SequentialPoints.targets(design, report.get());
    int visited = rounds.stream().mapToInt(Round::batches).sum();
    Step step = step(points, visited, Suppliers.memoize(() -> costs(report.get())));
    return step.size().isEmpty()
        ? end(step.end().orElseThrow())
        : planned(
            new Taken(visited, rows), step.size().get(), report.get().cost().blockEvaluations());
  }

  /** How large a round follows, or why none does. */
  record Step(Optional<Size> size, Optional<End> end) {}

  /**
   * Decides on the next round.
   *
   * @param points what is known
   * @param visited how many batches were taken; one that was taken twice counts twice
   * @param costs of a row of each k for an image
   */
  Step step(List<SequentialPoints> points, int visited, Supplier<Map<Integer, Double>> costs) {
    List<Open> tooWide = open(points);
    if (tooWide.isEmpty()) {
      return new Step(Optional.empty(), Optional.of(End.TARGET));
    }
    long most = MOST_STEPS / architecture.size() / points.size();
    List<Open> open =
        tooWide.stream().filter(point -> point.point().draws().draws() < most / 2).toList();
    if (open.isEmpty()) {
      return new Step(Optional.empty(), Optional.of(End.IMAGES));
    }
    Optional<Size> size =
        visited < design.batches()
            ? Optional.of(ofNew(open, points, visited, costs.get()))
            : ofOld(open, points);
    return size.isEmpty()
        ? new Step(Optional.empty(), Optional.of(End.IMAGES))
        : new Step(Optional.of(cautious(size.get(), points, visited)), Optional.empty());
  }

  private List<Open> open(List<SequentialPoints> points) {
    List<Open> open = new ArrayList<>();
    for (SequentialPoints point : points) {
      INTERRUPTS.check();
      NestedMeans draws = point.draws();
      double allowed = draws.allowed(design.width(), Interval.DEFAULT_LEVEL);
      if (allowed < 1) {
        Components components = draws.components();
        double variance =
            components.ofMean((double) draws.images(), draws.draws(), design.batchSize());
        open.add(new Open(point, components, variance, variance * allowed));
      }
    }
    return open;
  }

  Size pilot() {
    SortedMap<Integer, Integer> draws = new TreeMap<>();
    for (PlannedLesion row : lesions.draws(1).build(architecture).rows()) {
      draws.put(row.k().orElseThrow(), design.shapley() ? PILOT_ORDERS : PILOT_DRAWS);
    }
    return new Size(Math.min(PILOT_BATCHES, design.batches()), draws, false);
  }

  /** The cheapest round of new batches after which all intervals are narrow enough. */
  private Size ofNew(
      List<Open> open, List<SequentialPoints> points, int visited, Map<Integer, Double> costs) {
    int left = design.batches() - visited;
    Size best = sized(open, points, left);
    double least = Double.POSITIVE_INFINITY;
    for (double tried = 1; tried <= left; tried = Math.max(tried + 1, tried * STEP)) {
      Size size = sized(open, points, (int) tried);
      double cost = (double) size.batches() * architecture.size();
      for (Map.Entry<Integer, Integer> draws : size.draws().entrySet()) {
        cost += draws.getValue() * costs.getOrDefault(draws.getKey(), 0.0);
      }
      if (size.enough() && cost < least) {
        least = cost;
        best = size;
      }
    }
    return best;
  }

  /** The fewest draws of each k on so many new batches, none of which stays without. */
  private Size sized(List<Open> open, List<SequentialPoints> points, int batches) {
    SortedMap<Integer, Integer> draws = new TreeMap<>();
    boolean enough = true;
    for (Open point : open) {
      int needed = needed(point, batches);
      draws.put(point.point().k(), Math.abs(needed));
      enough &= needed > 0;
    }
    return new Size(
        Math.min(batches, Collections.max(draws.values())), whole(draws, points), enough);
  }

  /**
   * The fewest draws on so many new batches; if none are enough, those that help most, negative.
   */
  private int needed(Open point, int batches) {
    int best = 1;
    double least = Double.POSITIVE_INFINITY;
    for (double tried = 1;
        tried <= (double) MOST_DRAWS * batches;
        tried = Math.max(tried + 1, tried * STEP)) {
      double variance = point.after(batches, (int) tried, design.batchSize());
      if (variance <= point.wanted()) {
        return (int) tried;
      }
      if (variance < least) {
        least = variance;
        best = (int) tried;
      }
    }
    return -best;
  }

  /**
   * Of orders, draws of every k: as many as there are blocks, each of which is a point. They are as
   * many as the block that needs most.
   */
  private SortedMap<Integer, Integer> whole(
      SortedMap<Integer, Integer> draws, List<SequentialPoints> points) {
    if (!design.shapley() || draws.isEmpty()) {
      return draws;
    }
    int most = Collections.max(draws.values());
    SortedMap<Integer, Integer> all = new TreeMap<>();
    points.forEach(point -> all.put(point.k(), most));
    return all;
  }

  /** More draws on batches that were all taken before; empty where they help no more. */
  private Optional<Size> ofOld(List<Open> open, List<SequentialPoints> points) {
    SortedMap<Integer, Integer> draws = new TreeMap<>();
    for (Open point : open) {
      double ofImages = point.components().images() / point.point().draws().images();
      if (point.variance() - ofImages <= (1 - SHARE_OF_IMAGES) * point.variance()) {
        continue;
      }
      double ofDraw = point.components().draws() + point.components().rest() / design.batchSize();
      double wanted = Math.max(point.wanted() - ofImages, ofImages * (1 - SHARE_OF_IMAGES));
      int more = (int) Math.ceil(ofDraw / wanted) - point.point().draws().draws();
      draws.put(point.point().k(), Math.max(1, more));
    }
    return draws.isEmpty()
        ? Optional.empty()
        : Optional.of(new Size(design.batches(), whole(draws, points), true).scaled(1));
  }

  /** What a row of each k costs one image, beside what it shares with the undamaged network. */
  private Map<Integer, Double> costs(LesionReport report) {
    Wirings.Damaged view = new Wirings.Damaged(base, architecture);
    Wiring intact = view.with(Lesion.intact());
    Map<Integer, double[]> sums = new TreeMap<>();
    for (LesionRow row : report.rows()) {
      double[] sum = sums.computeIfAbsent(row.planned().k().orElseThrow(), k -> new double[2]);
      if (sum[1] < MOST_DRAWS) {
        WiringCost both = WiringCost.of(List.of(intact, view.with(row.lesion())));
        sum[0] += both.image() - intact.blockEvaluations();
        sum[1]++;
      }
    }
    Map<Integer, Double> costs = new TreeMap<>();
    sums.forEach((k, sum) -> costs.put(k, sum[0] / sum[1]));
    return costs;
  }

  /** At most as many draws of a k, and batches, as there were before. */
  private static Size cautious(Size size, List<SequentialPoints> points, int visited) {
    double factor = Math.min(1, (double) visited / size.batches());
    for (SequentialPoints point : points) {
      Integer draws = size.draws().get(point.k());
      factor = draws == null ? factor : Math.min(factor, (double) point.draws().draws() / draws);
    }
    return size.scaled(factor);
  }

  /**
   * What was taken before.
   *
   * @param visited how many batches
   * @param rows by k
   */
  private record Taken(int visited, Map<Integer, List<LesionRow>> rows) {
    List<LesionRow> rows(int k) {
      return rows.getOrDefault(k, List.of());
    }
  }

  /** As large a round as the budget allows, down to a tenth of what was wanted. */
  private Next planned(Taken taken, Size size, long spent) {
    for (double factor = 1; factor > 0.1; factor *= 0.8) {
      List<Visit> visits = visits(taken, size.scaled(factor));
      if (visits.isEmpty()) {
        return end(End.IMAGES);
      }
      Cost cost = cost(visits);
      if (design.budget().isEmpty()
          || spent + cost.blockEvaluations() <= design.budget().getAsLong()) {
        return round(visits, cost);
      }
      if (taken.visited() == 0) {
        break;
      }
    }
    return end(End.BUDGET);
  }

  private Cost cost(List<Visit> visits) {
    Cost cost = new Cost(0, 0);
    for (Visit visit : visits) {
      int images = visit.records().end() - visit.records().from();
      cost = cost.plus(WiringCost.of(visit.plan().wirings(base, architecture)).of(images));
    }
    return cost;
  }

  private List<Visit> visits(Taken taken, Size size) {
    int[] order = PermutationSampler.natural(design.batches());
    PermutationSampler.shuffle(Generators.of(design.seed(), "batches", 0, 0), order);
    List<List<PlannedLesion>> rows = new ArrayList<>();
    for (int i = 0; i < size.batches(); i++) {
      rows.add(new ArrayList<>());
    }
    List<Integer> batches = new ArrayList<>();
    for (int i = 0; i < size.batches(); i++) {
      batches.add(order[(taken.visited() + i) % order.length]);
    }
    size.draws().forEach((k, draws) -> deal(taken.rows(k), k, draws, batches, rows));
    LesionPlan any = lesions.draws(1).build(architecture);
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).isEmpty()) {
        LesionPlan plan =
            new LesionPlan(any.blocks(), any.description(), any.excluded(), rows.get(i));
        visits.add(new Visit(design.batch(batches.get(i)), plan));
      }
    }
    return visits;
  }

  /** Deals draws of a k out to batches, evenly and in their order. */
  private void deal(
      List<LesionRow> before,
      int k,
      int draws,
      List<Integer> batches,
      List<List<PlannedLesion>> rows) {
    SetMultimap<PlannedLesion, Integer> taken = LinkedHashMultimap.create();
    before.stream()
        .filter(row -> row.planned().seed().isEmpty())
        .forEach(row -> taken.putAll(row.planned(), batchesOf(row)));
    int drawn = before.size() - taken.keySet().size();
    List<PlannedLesion> wanted =
        taken.isEmpty() ? ofK(k, drawn + draws) : List.copyOf(taken.keySet());
    if (wanted.get(0).seed().isPresent()) {
      List<PlannedLesion> more = wanted.subList(drawn, wanted.size());
      for (int i = 0; i < more.size(); i++) {
        rows.get((int) ((long) i * rows.size() / more.size())).add(more.get(i));
      }
      return;
    }
    // All lesions there are, each on batches of its own.
    int cycles = Math.max(taken.isEmpty() ? LIST_REPEATS : 1, (draws - 1) / wanted.size() + 1);
    long all = (long) cycles * wanted.size();
    for (long i = 0; i < all; i++) {
      INTERRUPTS.check(i);
      PlannedLesion row = wanted.get((int) (i % wanted.size()));
      int start = (int) (i * rows.size() / all);
      for (int j = 0; j < rows.size(); j++) {
        int place = (start + j) % rows.size();
        if (taken.put(row, batches.get(place))) {
          rows.get(place).add(row);
          break;
        }
      }
    }
  }

  private Set<Integer> batchesOf(LesionRow row) {
    Set<Integer> batches = new HashSet<>();
    row.records().stream()
        .forEach(record -> batches.add((record - design.records().from()) / design.batchSize()));
    return batches;
  }

  private List<PlannedLesion> ofK(int k, int draws) {
    LesionPlan plan =
        plans.computeIfAbsent(draws, number -> lesions.draws(number).build(architecture));
    return plan.rows().stream().filter(row -> row.k().orElseThrow() == k).toList();
  }
}
