package io.github.resnetensembles.examples.cli;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayList;
import java.util.List;

/** Threads that keep a processor busy each, as the work of others does, until they are ended. */
final class BusyThreads {
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;

  /** Read by nobody; that it is written keeps the sums from being left out. */
  @SuppressWarnings("UnusedVariable")
  private volatile long sum;

  BusyThreads(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::work, "busy-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Sums, which a processor does at full speed. */
  private void work() {
    long own = 0;
    while (!ended) {
      for (int i = 0; i < 1_000_000; i++) {
        own = own * 31 + i;
      }
      sum = own;
    }
  }

  void end() {
    ended = true;
    threads.forEach(Uninterruptibles::joinUninterruptibly);
  }
}
