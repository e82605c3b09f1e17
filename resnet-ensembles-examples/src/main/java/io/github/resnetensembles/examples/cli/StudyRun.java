package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StudyTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Studies of one network on one set of images, by flags.
 *
 * @param network which
 * @param data which images
 * @param compute what computes
 * @param store what keeps finished pieces, if that was asked for
 * @param common what every command has
 * @param parts the studies
 */
record StudyRun(
    StudiedNetworkOptions network,
    DataOptions data,
    ComputeOptions compute,
    StoreOptions store,
    CommonOptions common,
    List<Part> parts) {
  /**
   * One of the studies.
   *
   * @param measurement what is measured
   * @param outputs where its result goes
   */
  record Part(Measurement measurement, OutputOptions outputs) {}

  StudyRun {
    parts = List.copyOf(parts);
  }

  /** Runs them and writes what comes out; returns the exit code. */
  int run() {
    try (Open open = open()) {
      open.studies.forEach(study -> common.err().println(study.measured.cost()));
      if (store.given()) {
        runInPieces(open);
      } else {
        open.studies.forEach(Ready::run);
      }
    }
    return ExitCodes.DONE;
  }

  /** What can be cut beforehand is one pool of pieces; what has rounds comes after it. */
  private void runInPieces(Open open) {
    // Elsewhere, nothing is known but pieces that were cut beforehand.
    boolean cutAll = common.executor().isPresent();
    List<Ready<?>> rounds =
        open.studies.stream().filter(study -> study.measured.inRounds() && !cutAll).toList();
    List<Pieces<?>> pieces = new ArrayList<>();
    open.studies.stream()
        .filter(study -> !rounds.contains(study))
        .forEach(study -> pieces.add(study.cut(store)));
    if (!pieces.isEmpty()) {
      Optional<ResultStore> finished =
          store.execute(pieces.stream().<StudyTasks<?>>map(Pieces::tasks).toList(), common);
      finished.ifPresent(results -> pieces.forEach(study -> study.write(results)));
    }
    rounds.forEach(study -> study.run(store));
  }

  /** Opens what the flags name, and runs nothing yet. */
  Open open() {
    for (Part part : parts) {
      part.measurement.check(part.outputs, store.given());
      store.check(part.outputs);
    }
    checkBatch();
    network.check(compute);
    DataOptions.Found found = data.find();
    ResidualModel model = network.open(compute, data.folder);
    try {
      ImageSet images = found.forNetwork(model.architecture(), compute.seed);
      compute.chooseBatch(
          () -> earlierBatch().orElseGet(() -> model.fastestBatchSize(images.size())),
          common.err());
      Measurement.Opened opened = new Measurement.Opened(model, images, data, compute);
      List<Ready<?>> studies = new ArrayList<>();
      parts.forEach(part -> studies.add(ready(part.measurement.on(opened), part.outputs)));
      return new Open(model, studies, store);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private void checkBatch() {
    if (store.given()) {
      compute.refuseAutomaticBatch(
          "does not go with --store, where pieces of another run would have another size");
    }
    parts.forEach(part -> part.measurement.needsBatch().ifPresent(compute::refuseAutomaticBatch));
  }

  /** What a result that is gone on from was computed with. */
  private OptionalInt earlierBatch() {
    return parts.stream()
        .map(part -> part.measurement.earlierBatch())
        .flatMapToInt(OptionalInt::stream)
        .findFirst();
  }

  private <R extends Result> Ready<R> ready(Measured<R> measured, OutputOptions outputs) {
    return new Ready<>(measured, outputs, common);
  }

  /** Studies whose network and images are open. */
  record Open(ResidualModel model, List<Ready<?>> studies, StoreOptions store)
      implements AutoCloseable {
    /** The studies in pieces. */
    List<Pieces<?>> pieces() {
      List<Pieces<?>> pieces = new ArrayList<>();
      studies.forEach(study -> pieces.add(study.cut(store)));
      return pieces;
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /** A study that is set up, and where its result goes. */
  record Ready<R extends Result>(
      Measured<R> measured, OutputOptions outputs, CommonOptions common) {
    private Pieces<R> cut(StoreOptions store) {
      return new Pieces<>(measured.cut(store), this);
    }

    /** In rounds. */
    private void run(StoreOptions store) {
      measured.run(store, common).ifPresent(result -> measured.write(result, outputs, common));
    }

    /** In one piece. */
    private void run() {
      R result;
      try (ProgressReporter progress =
          ProgressReporter.of(measured.title(), common.quiet, common.err())) {
        result = measured.run(progress);
      } catch (RunInterruptedException e) {
        measured.writePartial(e, outputs, common);
        throw e;
      }
      measured.write(result, outputs, common);
    }
  }

  /** A study in pieces. */
  record Pieces<R extends Result>(StudyTasks<R> tasks, Ready<R> study) {
    /** Puts together what is finished. */
    private void write(ResultStore results) {
      study.measured.write(results.merge(tasks), study.outputs, study.common);
    }
  }
}
