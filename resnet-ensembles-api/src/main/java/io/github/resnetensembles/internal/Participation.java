package io.github.resnetensembles.internal;

import com.google.common.collect.ImmutableSet;
import java.util.concurrent.Callable;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the calling thread takes part in. Threads of a {@link Pool} take part in what the one did
 * that gave them their task, so that a listener is known to be inside a run wherever it is called.
 */
public final class Participation {
  private static final ThreadLocal<ImmutableSet<Object>> PARTS =
      ThreadLocal.withInitial(ImmutableSet::of);

  private Participation() {}

  /** {@return whether the calling thread is inside of this} */
  public static boolean in(Object whole) {
    return PARTS.get().contains(whole);
  }

  /** {@return whether the calling thread is inside of anything} */
  public static boolean inAny() {
    return !PARTS.get().isEmpty();
  }

  /** Does work as a part of something. */
  public static <T> T within(Object whole, Supplier<T> work) {
    ImmutableSet<Object> before = PARTS.get();
    PARTS.set(ImmutableSet.builder().addAll(before).add(whole).build());
    try {
      return work.get();
    } finally {
      restore(before);
    }
  }

  private static void restore(ImmutableSet<Object> parts) {
    if (parts.isEmpty()) {
      PARTS.remove();
    } else {
      PARTS.set(parts);
    }
  }

  private static <T> Callable<T> inherited(Callable<T> task) {
    ImmutableSet<Object> given = PARTS.get();
    return () -> {
      ImmutableSet<Object> before = PARTS.get();
      PARTS.set(given);
      try {
        return task.call();
      } finally {
        restore(before);
      }
    };
  }

  /** As many threads as there are tasks, kept for a minute. */
  public static final class Pool extends ThreadPoolExecutor {
    /**
     * Creates a pool without threads.
     *
     * @param factory makes them
     */
    public Pool(ThreadFactory factory) {
      super(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
      return super.newTaskFor(inherited(task));
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
      return newTaskFor(
          () -> {
            task.run();
            return value;
          });
    }
  }
}
