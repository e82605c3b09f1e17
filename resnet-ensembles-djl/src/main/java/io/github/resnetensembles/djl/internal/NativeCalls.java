package io.github.resnetensembles.djl.internal;

import com.sun.jna.NativeLibrary;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.spi.Shutdown;
import java.io.PrintStream;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The native calls that this JVM is making, of all networks. When it ends, and no run is under way
 * any more, they are waited for and no further ones are made: PyTorch crashes when its static
 * objects are destroyed under a running call.
 */
final class NativeCalls {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int SIGNALLED = 128;

  private static final AtomicInteger RUNNING = new AtomicInteger();
  private static volatile boolean ended;

  static {
    Shutdown.afterRuns(() -> end(LIMIT, System.err));
  }

  private NativeCalls() {}

  /**
   * Makes a call.
   *
   * @throws RunInterruptedException if the JVM is ending
   */
  static <T> T call(Supplier<T> work) {
    if (!enter()) {
      throw new RunInterruptedException(
          "interrupted: the JVM is ending, after which PyTorch cannot be called any more");
    }
    try {
      return work.get();
    } finally {
      RUNNING.decrementAndGet();
    }
  }

  /** Frees something, unless the JVM is ending, which frees all. */
  static void free(Runnable work) {
    if (enter()) {
      try {
        work.run();
      } finally {
        RUNNING.decrementAndGet();
      }
    }
  }

  /** Counts before it looks, as {@link #end} does the other way round. */
  private static boolean enter() {
    RUNNING.incrementAndGet();
    if (ended) {
      RUNNING.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Ends the calls, or the process where one does not end. */
  static void end(Duration limit, PrintStream err) {
    ended = true;
    long deadline = System.nanoTime() + limit.toNanos();
    boolean ownCall = calledByACall();
    while (RUNNING.get() > 0 && !ownCall) {
      if (System.nanoTime() > deadline) {
        err.println(
            "a call of PyTorch did not end within %s seconds and is abandoned"
                .formatted(limit.toSeconds()));
        err.flush();
        OptionalInt code = signalsExitCode();
        if (code.isPresent()) {
          endProcess(code.getAsInt());
        }
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        // Nobody interrupts the thread that ends the JVM, and leaving early could crash it.
      }
    }
  }

  /** {@return whether a block of the user's ends the JVM, in a call that would wait for itself} */
  private static boolean calledByACall() {
    return Thread.getAllStackTraces().values().stream()
        .anyMatch(
            stack -> {
              boolean exits = false;
              boolean calls = false;
              for (StackTraceElement element : stack) {
                exits |=
                    element.getClassName().equals(Runtime.class.getName())
                        && element.getMethodName().equals("exit");
                calls |= element.getClassName().equals(NativeCalls.class.getName());
              }
              return exits && calls;
            });
  }

  /** {@return 128 and the number of the signal that ends this JVM; empty if none does} */
  private static OptionalInt signalsExitCode() {
    // The JVM handles a signal on a thread of this name, and tells it in no other way.
    return Thread.getAllStackTraces().keySet().stream()
        .mapToInt(
            thread ->
                switch (thread.getName()) {
                  case "SIGHUP handler" -> 1;
                  case "SIGINT handler" -> 2;
                  case "SIGTERM handler" -> 15;
                  default -> 0;
                })
        .filter(signal -> signal > 0)
        .map(signal -> SIGNALLED + signal)
        .findFirst();
  }

  /** Ends the process without destroying the static objects of the library that is in use. */
  private static void endProcess(int code) {
    try {
      NativeLibrary.getProcess().getFunction("_exit").invokeVoid(new Object[] {code});
    } catch (RuntimeException | Error e) {
      Runtime.getRuntime().halt(code);
    }
  }
}
