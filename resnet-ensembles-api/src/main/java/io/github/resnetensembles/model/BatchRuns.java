package io.github.resnetensembles.model;

import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches on the threads of a network, each on one, and hands on what comes out in the order
 * of the batches, so that nothing depends on the number of threads.
 *
 * @param <T> what a batch gives
 */
final class BatchRuns<T> {
  private final Network network;
  private final OpenNetwork open;
  private final Cancellation cancellation;
  private final int batches;
  private final IntFunction<T> work;
  private final Consumer<T> commit;

  private final AtomicInteger next = new AtomicInteger();
  private final Object lock = new Object();
  private final Map<Integer, T> waiting = new HashMap<>();
  private int done;

  /**
   * Runs nothing yet.
   *
   * @param batches how many, numbered from 0
   * @param work runs one
   * @param commit takes what batches give, one after the other
   */
  BatchRuns(
      Network network,
      OpenNetwork open,
      Cancellation cancellation,
      int batches,
      IntFunction<T> work,
      Consumer<T> commit) {
    this.network = network;
    this.open = open;
    this.cancellation = cancellation;
    this.batches = batches;
    this.work = work;
    this.commit = commit;
  }

  /**
   * Runs all of them, or those that are finished when the thread is interrupted, whose flag is set
   * then.
   *
   * @param images whose hash the caller's thread takes first
   * @param prepare what a thread of the pool does before the batches
   */
  void run(ImageSet images, Runnable prepare) {
    run(!hashed(images), prepare);
  }

  /** Runs all of them as {@link #run(ImageSet, Runnable)} does, on images of no set. */
  void run() {
    run(false, () -> {});
  }

  private void run(boolean interruptedBefore, Runnable prepare) {
    boolean interrupted = interruptedBefore;
    List<Future<?>> workers = new ArrayList<>();
    try {
      if (!interrupted) {
        // On a thread of the pool too: the caller's may be interrupted.
        workers.add(open.threads().submit(prepare));
        interrupted = cancellation.await(workers);
      }
      if (!interrupted && Cancellation.failureOf(workers) == null) {
        for (int i = 0; i < Math.min(network.workers(), batches); i++) {
          workers.add(open.threads().submit(this::work));
        }
        interrupted = cancellation.await(workers);
      }
    } finally {
      // Where a worker could not be started, the others end, too.
      cancellation.cancel();
      interrupted |= cancellation.await(workers);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    @Nullable Throwable failure = Cancellation.failureOf(workers);
    if (failure != null) {
      throw Cancellation.unchecked(failure);
    }
  }

  /**
   * Hashes the images on the caller's thread, whose interrupt ends it, before there is anything to
   * lose: the threads of the pool and the provenance of a partial result then find the hash made.
   */
  private static boolean hashed(ImageSet images) {
    try {
      String unused = images.sha256();
      return true;
    } catch (RunInterruptedException e) {
      return false;
    }
  }

  private void work() {
    try {
      for (int b = next.getAndIncrement(); b < batches; b = next.getAndIncrement()) {
        cancellation.check();
        finished(b, work.apply(b));
      }
    } catch (Cancellation.Stopped e) {
      throw e;
    } catch (RuntimeException | Error e) {
      cancellation.cancel();
      throw e;
    }
  }

  /** Results come in any order but count only when all before them have come. */
  private void finished(int number, T result) {
    synchronized (lock) {
      waiting.put(number, result);
      for (T first = waiting.remove(done); first != null; first = waiting.remove(done)) {
        done++;
        commit.accept(first);
      }
    }
  }
}
