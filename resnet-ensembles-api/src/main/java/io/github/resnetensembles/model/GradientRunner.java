package io.github.resnetensembles.model;

import io.github.resnetensembles.Progress;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.BatchGradients;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.gradient.GradientsInterruptedException;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures gradients batch by batch, each batch on all threads. The work is done on threads of the
 * model: the caller's may be interrupted while native code runs.
 */
final class GradientRunner {
  /**
   * The batches to measure, counted from 0.
   *
   * @param end behind the last one
   */
  record Part(int from, int end) {
    int count() {
      return end - from;
    }
  }

  /**
   * Images in batches of equal size, and what they are called in a provenance.
   *
   * @param firstRecord of the first batch
   * @param batch reads some images: the first, counted from 0, and their number
   */
  record Images(
      int firstRecord,
      int size,
      int batchSize,
      BiFunction<Integer, Integer, ImageBatch> batch,
      Supplier<String> sha256,
      String name,
      Supplier<Optional<KnownDataset>> dataset) {
    Images {
      batchSize = Math.min(batchSize, size);
    }

    int batches() {
      return size / batchSize;
    }

    /** How many are measured; the rest fills no batch. */
    int measured() {
      return batches() * batchSize;
    }
  }

  private final Network network;
  private final Differentiation derivatives;
  private final OpenNetwork open;
  private final ExecutorService threads;
  private final Lesion view;
  private final GradientProtocol protocol;
  private final RunOptions options;
  private final BatchProbe probe;

  private final Cancellation cancellation = new Cancellation();
  private final List<BatchGradients> done = Collections.synchronizedList(new ArrayList<>());
  private long vjpsDone;
  private long imageVjpsDone;
  private int batchImages;
  private volatile Optional<Fingerprint> fingerprint = Optional.empty();

  GradientRunner(
      Network network,
      Differentiation derivatives,
      OpenNetwork open,
      Lesion view,
      GradientProtocol protocol,
      RunOptions options,
      BatchProbe probe) {
    this.network = network;
    this.derivatives = derivatives;
    this.open = open;
    this.threads = open.threads();
    this.view = view;
    this.protocol = protocol;
    this.options = options;
    this.probe = probe;
  }

  PathGradients run(Images images, Part part) {
    long start = System.nanoTime();
    int batches = part.count();
    GradientCost cost = probe.cost(images.batches());
    Supplier<PathGradients> result =
        () ->
            new PathGradients(
                view,
                protocol,
                List.copyOf(done),
                images.firstRecord(),
                images.batches(),
                images.size() - images.measured(),
                cost,
                Provenances.of(
                    network,
                    fingerprint,
                    images.sha256().get(),
                    images.name(),
                    images.dataset().get(),
                    images.batchSize(),
                    (System.nanoTime() - start) / 1e9,
                    imageVjpsDone));
    try {
      // While there is nothing to lose: a partial result then finds the hash made.
      String unused = images.sha256().get();
    } catch (RunInterruptedException e) {
      throw new GradientsInterruptedException(
          "interrupted after 0 of " + batches + " batches", null);
    }
    Future<?> work = threads.submit(() -> measure(images, part, cost, result));
    boolean interrupted = cancellation.await(List.of(work));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    @Nullable Throwable failure = Cancellation.failureOf(List.of(work));
    if (failure != null) {
      throw Cancellation.unchecked(failure);
    }
    if (interrupted && !finished(batches, result)) {
      throw new GradientsInterruptedException(
          "interrupted after " + done.size() + " of " + batches + " batches",
          done.isEmpty() ? null : result.get());
    }
    return result.get();
  }

  private boolean finished(int batches, Supplier<PathGradients> result) {
    return done.size() == batches
        || (!done.isEmpty()
            && protocol.precision().isPresent()
            && result.get().preciseTo(protocol.precision().getAsDouble()));
  }

  private void measure(
      Images images, Part part, GradientCost cost, Supplier<PathGradients> result) {
    long total = cost.blockVjps() * part.count();
    int all = part.count() * images.batchSize();
    report(total, all);
    fingerprint = Optional.of(open.fingerprint(cancellation::check));
    Workers workers =
        new Workers(
            threads,
            network.workers(),
            cancellation::check,
            vjps -> {
              vjpsDone += vjps;
              imageVjpsDone += vjps * batchImages;
              report(total, all);
            });
    for (int b = part.from(); b < part.end() && !finished(part.count(), result); b++) {
      cancellation.check();
      ImageBatch batch = images.batch().apply(b * images.batchSize(), images.batchSize());
      batchImages = batch.size();
      done.add(
          probe.measure(
              derivatives,
              workers,
              b,
              batch.firstRecord(),
              Pixels.normalised(batch, network.architecture()),
              batch.labels()));
      report(total, all);
    }
    // Dropped lengths and an early stop leave less to do than was known before.
    report(vjpsDone, all);
  }

  private void report(long total, int images) {
    int finished = done.size() * batchImages;
    options
        .listener()
        .onProgress(new Progress("gradients", Math.min(vjpsDone, total), total, finished, images));
  }
}
