package io.github.resnetensembles.internal.model;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Fingerprint;
import io.github.resnetensembles.spi.Network;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A network that is in use by any number of threads until it is closed, after the last of them. */
final class OpenNetwork {
  private final Network network;
  private final Architecture architecture;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  /**
   * Threads are kept from one run to the next: a C library may give each new one a heap of its own.
   */
  private final ExecutorService threads = Executors.newCachedThreadPool(OpenNetwork::daemon);

  private final Object fingerprintLock = new Object();
  private @Nullable Fingerprint fingerprint;

  private boolean closed;

  OpenNetwork(Network network) {
    this.network = network;
    this.architecture = network.architecture();
  }

  Architecture architecture() {
    return architecture;
  }

  /** Where batches are run. */
  ExecutorService threads() {
    return threads;
  }

  /**
   * The network's fingerprint, taken when a result needs it first.
   *
   * @param check throws if the caller's work was cancelled
   */
  Fingerprint fingerprint(Runnable check) {
    synchronized (fingerprintLock) {
      Fingerprint known = fingerprint;
      if (known == null) {
        known = Noise.fingerprint(network, check);
        fingerprint = known;
      }
      return known;
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "resnet-ensembles-batch");
    thread.setDaemon(true);
    return thread;
  }

  <T> T use(Function<Network, T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "the model of " + architecture.name() + " is closed; open it again");
      }
      return work.apply(network);
    } finally {
      lock.readLock().unlock();
    }
  }

  void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        threads.shutdown();
        network.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
