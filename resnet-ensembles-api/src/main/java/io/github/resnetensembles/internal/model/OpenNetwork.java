package io.github.resnetensembles.internal.model;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.spi.Network;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/** A network that is in use by any number of threads until it is closed, after the last of them. */
final class OpenNetwork {
  private final Network network;
  private final Architecture architecture;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  OpenNetwork(Network network) {
    this.network = network;
    this.architecture = network.architecture();
  }

  Architecture architecture() {
    return architecture;
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
        network.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
