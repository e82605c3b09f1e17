package io.github.resnetensembles.internal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * In which order things end when the JVM is told to: first the runs, which are interrupted as by
 * {@link Thread#interrupt} and waited for, so that they keep what they finished; then the engines,
 * which make no native call any more. An engine that ended first would take the results along.
 */
public final class ExitOrder {
  /** The order of this JVM. */
  public static final ExitOrder THIS_JVM =
      atExit(new ExitOrder(Duration.ofSeconds(20), System.err));

  private final Duration limit;
  private final PrintStream err;

  /** The threads that called a run which is under way. */
  private final Set<Thread> runs = new HashSet<>();

  private final List<Runnable> engines = new ArrayList<>();
  private boolean ending;

  ExitOrder(Duration limit, PrintStream err) {
    this.limit = limit;
    this.err = err;
  }

  private static ExitOrder atExit(ExitOrder order) {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(order::end, "resnet-ensembles-exit"));
    } catch (IllegalStateException e) {
      // The JVM is ending already, and nothing runs yet.
      order.ending = true;
    }
    return order;
  }

  /** Does something that the end of the JVM interrupts and waits for. */
  public <T> T run(Supplier<T> work) {
    // Tasks inside of a run end with it: interrupting them, too, would look like a failure.
    return Participation.inAny() ? work.get() : outermost(work);
  }

  private <T> T outermost(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    synchronized (this) {
      runs.add(thread);
      if (ending) {
        thread.interrupt();
      }
    }
    try {
      return Participation.within(this, work);
    } finally {
      synchronized (this) {
        runs.remove(thread);
        notifyAll();
      }
    }
  }

  /** Adds what ends an engine's native calls. */
  public synchronized void afterRuns(Runnable end) {
    engines.add(end);
  }

  /** Ends everything in order. */
  void end() {
    List<Runnable> last;
    synchronized (this) {
      ending = true;
      runs.forEach(Thread::interrupt);
      if (!calledByARun()) {
        awaitRuns();
      }
      if (!runs.isEmpty()) {
        err.println(
            ("work that does not stop, within %s seconds or because it ends the JVM"
                    + " itself, is abandoned; what it had not written is lost")
                .formatted(limit.toSeconds()));
      }
      last = List.copyOf(engines);
    }
    last.forEach(Runnable::run);
  }

  /** {@return whether a listener or the like ends the JVM: its run would wait for itself} */
  private static boolean calledByARun() {
    return Thread.getAllStackTraces().values().stream()
        .map(Arrays::asList)
        .anyMatch(
            stack ->
                stack.stream().anyMatch(ExitOrder::exits)
                    && stack.stream().anyMatch(ExitOrder::runs));
  }

  private static boolean exits(StackTraceElement element) {
    return element.getClassName().equals(Runtime.class.getName())
        && element.getMethodName().equals("exit");
  }

  private static boolean runs(StackTraceElement element) {
    return element.getClassName().equals(Participation.class.getName());
  }

  private synchronized void awaitRuns() {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!runs.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        // Nobody interrupts the thread that ends the JVM, and leaving early would lose results.
      }
    }
  }
}
