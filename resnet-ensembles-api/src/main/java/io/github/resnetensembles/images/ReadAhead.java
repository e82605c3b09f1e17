package io.github.resnetensembles.images;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Records that are made ready on threads of their own before they are asked for: those of the batch
 * that is read, and as many of the following ones as the window holds. The threads end by
 * themselves when nothing was read for a while. Thread-safe.
 */
final class ReadAhead<T> {
  private static final long IDLE_SECONDS = 10;

  /** More than there are threads that read batches side by side. */
  private static final int CALLS_KEPT = 256;

  private final IntFunction<T> make;
  private final int window;
  private final ThreadPoolExecutor threads;
  private final Map<Integer, Announced<T>> announced = new HashMap<>();
  private long calls;

  private static final class Announced<T> {
    final FutureTask<T> task;
    long call;

    Announced(FutureTask<T> task, long call) {
      this.task = task;
      this.call = call;
    }
  }

  /**
   * Creates one.
   *
   * @param make makes one record ready; runs on any thread
   * @param window how many records are made ready beyond those that are wanted at once
   */
  ReadAhead(IntFunction<T> make, int window) {
    this.make = make;
    this.window = window;
    int count = Runtime.getRuntime().availableProcessors();
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ThreadFactoryBuilder().setDaemon(true).setNameFormat("images-%d").build());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Begins with some records.
   *
   * @param records in the order in which they will probably be claimed
   * @param now how many of them are claimed at once; beyond them the window is filled
   */
  void expect(PrimitiveIterator.OfInt records, int now) {
    synchronized (announced) {
      calls++;
      announced.values().removeIf(this::isStale);
      for (long i = 0; i < (long) now + window && records.hasNext(); i++) {
        int record = records.nextInt();
        Announced<T> known = announced.get(record);
        if (known == null) {
          announced.put(record, new Announced<>(started(record), calls));
        } else {
          known.call = calls;
        }
      }
    }
  }

  /** Nobody claims what was announced long ago: a run ended, or went on elsewhere. */
  private boolean isStale(Announced<T> entry) {
    boolean stale = calls - entry.call > CALLS_KEPT;
    if (stale) {
      entry.task.cancel(false);
    }
    return stale;
  }

  /**
   * Takes a record.
   *
   * @return not always ready: whoever wants it runs it, which returns at once if a thread did or
   *     does so
   */
  FutureTask<T> claim(int record) {
    synchronized (announced) {
      Announced<T> known = announced.remove(record);
      return known == null ? started(record) : known.task;
    }
  }

  private FutureTask<T> started(int record) {
    FutureTask<T> task = new FutureTask<>(() -> make.apply(record));
    threads.execute(task);
    return task;
  }
}
