package io.github.resnetensembles.model;

import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Pulls lists of cotangents back on several threads. Each result depends on its own cotangent only,
 * so the number of threads changes nothing.
 */
final class Workers {
  private final ExecutorService threads;
  private final int count;
  private final Runnable check;
  private final LongConsumer progress;

  /**
   * @param check throws if the run was told to stop
   * @param progress told how many block VJPs were done since it was told last
   */
  Workers(ExecutorService threads, int count, Runnable check, LongConsumer progress) {
    this.threads = threads;
    this.count = count;
    this.check = check;
    this.progress = progress;
  }

  void check() {
    check.run();
  }

  List<Activation> pullBack(StepTrace trace, List<Cotangents> cotangents) {
    List<Activation> results = split(cotangents, trace::pullBack);
    progress.accept(cotangents.stream().filter(pair -> pair.branch() != null).count());
    return results;
  }

  List<Activation> pullBack(StemTrace trace, List<Activation> cotangents) {
    return split(cotangents, trace::pullBack);
  }

  /** Works on each item; results in the items' order. */
  <T, R> List<R> map(List<T> items, Function<T, R> work) {
    return split(items, part -> part.stream().map(work).toList());
  }

  private <T, R> List<R> split(List<T> items, Function<List<T>, List<R>> work) {
    check.run();
    int parts = Math.min(count, items.size());
    if (parts <= 1) {
      return items.isEmpty() ? List.of() : work.apply(items);
    }
    List<Future<List<R>>> running = new ArrayList<>();
    for (int p = 0; p < parts; p++) {
      List<T> part = items.subList(p * items.size() / parts, (p + 1) * items.size() / parts);
      running.add(threads.submit(() -> work.apply(part)));
    }
    return joined(running);
  }

  /** Waits for all, even where one failed: no native code may outlive the caller. */
  private static <R> List<R> joined(List<Future<List<R>>> running) {
    List<R> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Future<List<R>> future : running) {
      try {
        results.addAll(future.get());
      } catch (ExecutionException e) {
        failures.add(e.getCause() == null ? e : e.getCause());
      } catch (InterruptedException e) {
        throw new IllegalStateException("threads of the pool are never interrupted", e);
      }
    }
    if (failures.isEmpty()) {
      return results;
    }
    for (R result : results) {
      if (result instanceof Activation activation) {
        activation.close();
      }
    }
    throw Cancellation.unchecked(failures.get(0));
  }
}
