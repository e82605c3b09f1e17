package io.github.resnetensembles.model;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.Progress;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.internal.wiring.ForeignBranches;
import io.github.resnetensembles.internal.wiring.PrefixTree;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs many wirings over the same images: batch by batch, each batch on one thread, walking the
 * tree of shared prefixes. Results are put together in record order, so they do not depend on the
 * number of threads.
 */
final class StudyRunner {
  /**
   * What was done: the records from the start on for which every wiring was run, and the
   * fingerprint, unless nothing was begun. A run that was interrupted when all was done already is
   * complete; the interrupt is then the caller's.
   */
  record Outcome(
      List<Tally> tallies,
      Optional<Tally> average,
      int images,
      Cost cost,
      Optional<Fingerprint> fingerprint,
      List<Integer> flips,
      boolean interrupted,
      double seconds) {
    Provenance provenance(Network network, ImageSet of, RunOptions options) {
      return Provenances.ofStudy(
          network,
          options,
          flips,
          Provenances.of(
              network,
              fingerprint,
              of.sha256(),
              of.name(),
              of.dataset(),
              options.batchSize(),
              seconds,
              cost.blockEvaluations()));
    }
  }

  private final Network network;
  private final OpenNetwork open;
  private final Architecture architecture;
  private final PrefixTree tree;
  private final WiringCost cost;
  private final BranchOutputs branchOutputs;
  private final ImageSet images;
  private final RunOptions options;
  private final String task;
  private final BatchWalk walk;

  private final Cancellation cancellation = new Cancellation();

  private final Object lock = new Object();
  private final List<TallyBuilder> done = new ArrayList<>();
  private final List<Integer> flips = new ArrayList<>();
  private int batchesDone;
  private Optional<Fingerprint> fingerprint = Optional.empty();

  /** With the numbers of the wirings whose predictions are averaged too; usually none. */
  StudyRunner(
      Network network,
      OpenNetwork open,
      List<Wiring> wirings,
      Set<Integer> averaged,
      ImageSet images,
      List<ImageSet> references,
      Measures measures,
      RunOptions options,
      String task) {
    this.network = network;
    this.open = open;
    this.architecture = network.architecture();
    this.images = Pixels.labelled(images, architecture);
    wirings.forEach(wiring -> wiring.validate(architecture));
    this.tree = new PrefixTree(wirings);
    ForeignBranches foreign = ForeignBranches.of(wirings);
    this.cost = WiringCost.of(tree, foreign);
    List<ImageSet> available = new ArrayList<>(references);
    available.add(this.images);
    this.branchOutputs =
        new BranchOutputs(network, foreign, new BranchOutputs.Sources(List.copyOf(available)));
    this.options = options;
    this.task = task;
    this.walk =
        new BatchWalk(
            network,
            branchOutputs,
            this.images,
            measures,
            averaged,
            options.wiringsAtOnce(),
            cancellation);
    for (int i = 0; i < wirings.size() + (averaged.isEmpty() ? 0 : 1); i++) {
      done.add(new TallyBuilder(this.images.offset(), architecture.head().classes(), measures));
    }
  }

  /** The cost for the first images of the set. */
  Cost cost(int count) {
    return cost.of(count);
  }

  Outcome run() {
    long start = System.nanoTime();
    report();
    new BatchRuns<>(network, open, cancellation, batches(), this::runBatch, this::commit)
        .run(images, this::prepare);
    synchronized (lock) {
      int count = finishedImages();
      List<Tally> tallies =
          count == 0 ? List.of() : done.stream().map(TallyBuilder::build).toList();
      int wirings = tree.wirings().size();
      return new Outcome(
          tallies.subList(0, Math.min(wirings, tallies.size())),
          tallies.size() > wirings ? Optional.of(tallies.get(wirings)) : Optional.empty(),
          count,
          cost(count),
          fingerprint,
          List.copyOf(flips),
          count < images.size(),
          (System.nanoTime() - start) / 1e9);
    }
  }

  private int batches() {
    return (images.size() - 1) / options.batchSize() + 1;
  }

  private int finishedImages() {
    return (int) Math.min((long) batchesDone * options.batchSize(), images.size());
  }

  private void prepare() {
    Fingerprint taken = open.fingerprint(cancellation::check);
    synchronized (lock) {
      fingerprint = Optional.of(taken);
    }
    branchOutputs.takeMeans(options.batchSize(), cancellation::check);
  }

  private BatchWalk.Walked runBatch(int number) {
    int from = number * options.batchSize();
    return walk.run(tree, images.batch(from, Math.min(options.batchSize(), images.size() - from)));
  }

  private void commit(BatchWalk.Walked results) {
    synchronized (lock) {
      for (int i = 0; i < results.tallies().size(); i++) {
        done.get(i).append(results.tallies().get(i));
      }
      flips.addAll(results.flips());
      batchesDone++;
      report();
    }
  }

  private void report() {
    synchronized (lock) {
      long total = cost(this.images.size()).blockEvaluations();
      int images = finishedImages();
      long finished = images == 0 ? 0 : cost(images).blockEvaluations();
      options
          .listener()
          .onProgress(new Progress(task, finished, total, images, this.images.size()));
    }
  }
}
