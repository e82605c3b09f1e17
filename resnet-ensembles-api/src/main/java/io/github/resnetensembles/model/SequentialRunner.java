package io.github.resnetensembles.model;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.Progress;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.wiring.ForeignBranches;
import io.github.resnetensembles.internal.wiring.PrefixTree;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.SequentialReport.Design;
import io.github.resnetensembles.lesion.SequentialReport.End;
import io.github.resnetensembles.lesion.SequentialReport.Next;
import io.github.resnetensembles.lesion.SequentialReport.Round;
import io.github.resnetensembles.lesion.SequentialReport.Visit;
import io.github.resnetensembles.lesion.SequentialStudy;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs the rounds of a sequential study, or takes from an earlier result what it has. */
final class SequentialRunner {
  /** In the order of plans: by k, those that are listed behind those that were drawn. */
  private static final Comparator<PlannedLesion> ORDER =
      Comparator.<PlannedLesion>comparingInt(row -> row.k().orElseThrow())
          .thenComparing(row -> row.seed().isEmpty())
          .thenComparingInt(row -> row.draw().orElseThrow());

  /** A visit, with the wirings of its plan. */
  private record Planned(Visit visit, PrefixTree tree, Cost cost) {
    int images() {
      return visit.records().end() - visit.records().from();
    }
  }

  /** What a visit gave: of the baseline, then of its rows. */
  private record Visited(
      Planned planned, List<Tally> tallies, List<Integer> flips, boolean computed) {}

  private final Network network;
  private final StudySettings study;
  private final Design design;
  private final ImageSet images;
  private final Optional<SequentialReport> before;
  private final Optional<SequentialStudy.Rounds> elsewhere;
  private final LesionPlan.Builder lesions;
  private final long start = System.nanoTime();

  private final Map<PlannedLesion, SortedMap<Integer, Tally>> known = new HashMap<>();
  private final SortedMap<Integer, Tally> baseline = new TreeMap<>();
  private final SortedMap<PlannedLesion, SortedMap<Integer, Tally>> rows = new TreeMap<>(ORDER);
  private final Map<PlannedLesion, List<Integer>> orders = new HashMap<>();
  private final List<Round> rounds = new ArrayList<>();
  private final List<Provenance> ofRounds = new ArrayList<>();
  private final SortedSet<Integer> flips = new TreeSet<>();
  private Cost cost = new Cost(0, 0);
  private long computed;
  private Optional<Fingerprint> fingerprint = Optional.empty();
  private Optional<End> end = Optional.empty();

  SequentialRunner(
      Network network,
      StudySettings study,
      Design design,
      ImageSet images,
      Optional<SequentialReport> before,
      Optional<SequentialStudy.Rounds> elsewhere) {
    this.network = network;
    this.study = study;
    this.design = design;
    this.images = images;
    this.before = before;
    this.elsewhere = elsewhere;
    this.lesions = study.drawnForEachK();
    before.ifPresent(this::remember);
  }

  private void remember(SequentialReport earlier) {
    List<LesionRow> all = new ArrayList<>(List.of(earlier.report().baseline()));
    all.addAll(earlier.report().rows());
    for (LesionRow row : all) {
      SortedMap<Integer, Tally> tallies =
          known.computeIfAbsent(row.planned(), lesion -> new TreeMap<>());
      row.tallies().forEach(tally -> tallies.put(tally.from(), tally));
    }
  }

  SequentialReport run() {
    while (true) {
      Optional<LesionReport> report = rounds.isEmpty() ? Optional.empty() : Optional.of(report());
      Next next = next(report);
      if (next.visits().isEmpty()) {
        end = next.end();
        return result();
      }
      rounds.add(next.round().orElseThrow());
      List<Planned> planned = planned(next.visits());
      long total = rounds.stream().map(Round::cost).mapToLong(Cost::blockEvaluations).sum();
      if (elsewhere.isPresent()) {
        run(planned, elsewhere.get(), total);
      } else {
        run(planned, total);
      }
    }
  }

  private Next next(Optional<LesionReport> report) {
    Next next;
    try {
      next = design.next(lesions, study.base(), network.architecture(), rounds, report);
    } catch (RunInterruptedException e) {
      throw interrupted();
    }
    if (rounds.isEmpty() && next.visits().isEmpty()) {
      throw new InvalidLesionException(
          "the first round, of %s batches, costs more than the budget of %s block evaluations"
              .formatted(
                  Math.min(design.batches(), Design.FIRST_BATCHES), design.budget().orElseThrow()));
    }
    return next;
  }

  private StudyInterruptedException interrupted() {
    String message = "interrupted in round %s of a sequential study".formatted(rounds.size());
    return new StudyInterruptedException(message, baseline.isEmpty() ? null : result());
  }

  private List<Planned> planned(List<Visit> visits) {
    List<Planned> planned = new ArrayList<>();
    for (Visit visit : visits) {
      List<Wiring> wirings = visit.plan().wirings(study.base(), network.architecture());
      PrefixTree tree = new PrefixTree(wirings);
      int count = visit.records().end() - visit.records().from();
      planned.add(
          new Planned(visit, tree, WiringCost.of(tree, ForeignBranches.of(wirings)).of(count)));
      orders.putIfAbsent(PlannedLesion.of(Lesion.intact()), wirings.get(0).order());
      for (int i = 0; i < visit.plan().rows().size(); i++) {
        orders.putIfAbsent(visit.plan().rows().get(i), wirings.get(i + 1).order());
      }
    }
    return planned;
  }

  private void run(List<Planned> planned, SequentialStudy.Rounds rounds, long total) {
    List<SequentialStudy.BatchStudy> batches = new ArrayList<>();
    for (Planned visit : planned) {
      batches.add(
          new SequentialStudy.BatchStudy(
              study.only(visit.visit().plan()),
              images.range(firstImage(visit.visit()), visit.images())));
    }
    List<LesionReport> results;
    try {
      results = rounds.run(batches);
    } catch (RunInterruptedException e) {
      throw interrupted();
    }
    if (results.size() != planned.size()) {
      throw new MergeException(
          "a round of %s batches gave %s results".formatted(planned.size(), results.size()));
    }
    for (int i = 0; i < results.size(); i++) {
      ofRounds.add(results.get(i).provenance());
      commit(
          new Visited(
              planned.get(i), tallies(planned.get(i).visit(), results.get(i)), List.of(), false),
          total);
    }
  }

  /** Of the baseline, then of the rows in the plan's order. */
  private static List<Tally> tallies(Visit visit, LesionReport result) {
    if (!result.complete()
        || !result.records().equals(List.of(visit.records()))
        || !result.rows().stream().map(LesionRow::planned).toList().equals(visit.plan().rows())) {
      throw new MergeException(
          "a round asked for %s rows on the records %s, and got %s on %s"
              .formatted(
                  visit.plan().rows().size(),
                  visit.records(),
                  result.rows().size(),
                  result.records()));
    }
    List<Tally> tallies = new ArrayList<>(List.of(result.baseline().tallies().get(0)));
    result.rows().forEach(row -> tallies.add(row.tallies().get(0)));
    return tallies;
  }

  private void run(List<Planned> planned, long total) {
    List<Wiring> wirings = new ArrayList<>();
    planned.forEach(visit -> wirings.addAll(visit.tree().wirings()));
    Cancellation cancellation = new Cancellation();
    BranchOutputs outputs =
        new BranchOutputs(
            network, ForeignBranches.of(wirings), new BranchOutputs.Sources(List.of(images)));
    BatchWalk walk =
        new BatchWalk(
            network,
            outputs,
            images,
            study.measures(),
            Set.of(),
            study.options().wiringsAtOnce(),
            cancellation);
    new BatchRuns<>(
            network,
            study.open(),
            cancellation,
            planned.size(),
            number -> visit(walk, planned.get(number)),
            visited -> commit(visited, total))
        .run(images, () -> prepare(outputs, cancellation));
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  private void prepare(BranchOutputs outputs, Cancellation cancellation) {
    fingerprint = Optional.of(study.open().fingerprint(cancellation::check));
    outputs.takeMeans(design.batchSize(), cancellation::check);
  }

  private Visited visit(BatchWalk walk, Planned planned) {
    List<Tally> earlier = known(planned.visit());
    if (!earlier.isEmpty()) {
      return new Visited(planned, earlier, List.of(), false);
    }
    ImageBatch batch = images.batch(firstImage(planned.visit()), planned.images());
    BatchWalk.Walked walked = walk.run(planned.tree(), batch);
    List<Tally> tallies = walked.tallies().stream().map(TallyBuilder::build).toList();
    return new Visited(planned, tallies, walked.flips(), true);
  }

  private int firstImage(Visit visit) {
    return visit.records().from() - design.records().from();
  }

  /** What an earlier result has of a visit; nothing if it lacks some. */
  private List<Tally> known(Visit visit) {
    List<PlannedLesion> wanted = new ArrayList<>(List.of(PlannedLesion.of(Lesion.intact())));
    wanted.addAll(visit.plan().rows());
    List<Tally> tallies = new ArrayList<>();
    for (PlannedLesion row : wanted) {
      SortedMap<Integer, Tally> ofRow = known.get(row);
      Tally tally = ofRow == null ? null : ofRow.get(visit.records().from());
      if (tally == null) {
        return List.of();
      }
      tallies.add(tally);
    }
    return tallies;
  }

  private synchronized void commit(Visited visited, long total) {
    Visit visit = visited.planned().visit();
    int from = visit.records().from();
    baseline.putIfAbsent(from, visited.tallies().get(0));
    for (int i = 0; i < visit.plan().rows().size(); i++) {
      rows.computeIfAbsent(visit.plan().rows().get(i), row -> new TreeMap<>())
          .put(from, visited.tallies().get(i + 1));
    }
    flips.addAll(visited.flips());
    cost = cost.plus(visited.planned().cost());
    computed += visited.computed() ? visited.planned().cost().blockEvaluations() : 0;
    int taken = baseline.values().stream().mapToInt(Tally::total).sum();
    study
        .options()
        .listener()
        .onProgress(
            new Progress(
                "round " + rounds.size(), cost.blockEvaluations(), total, taken, images.size()));
  }

  private synchronized LesionReport report() {
    List<LesionRow> all = new ArrayList<>();
    rows.forEach((row, tallies) -> all.add(row(row, tallies)));
    List<RecordRange> records =
        baseline.keySet().stream()
            .map(from -> design.batch((from - design.records().from()) / design.batchSize()))
            .toList();
    LesionPlan any = lesions.build(network.architecture());
    return new LesionReport(
        study.base(),
        row(PlannedLesion.of(Lesion.intact()), baseline),
        all,
        any.excluded(),
        cost,
        records,
        provenance());
  }

  private LesionRow row(PlannedLesion row, SortedMap<Integer, Tally> tallies) {
    return new LesionRow(row, orders.getOrDefault(row, List.of()), List.copyOf(tallies.values()));
  }

  private Provenance provenance() {
    List<Provenance> all = new ArrayList<>(ofRounds);
    before.ifPresent(earlier -> all.add(earlier.provenance()));
    if (elsewhere.isEmpty()) {
      all.add(own());
    }
    // Who runs rounds elsewhere has decided whether they may be mixed.
    return all.size() == 1
        ? all.get(0)
        : elsewhere.isEmpty() ? Provenance.merge(all) : Provenance.merge(all, MergeOption.MIXED);
  }

  private Provenance own() {
    return Provenances.ofStudy(
        network,
        study.options(),
        List.copyOf(flips),
        Provenances.of(
            network,
            fingerprint,
            images.sha256(),
            images.name(),
            images.dataset(),
            design.batchSize(),
            (System.nanoTime() - start) / 1e9,
            computed));
  }

  private SequentialReport result() {
    return new SequentialReport(design, rounds, end, report());
  }
}
