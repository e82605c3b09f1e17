package io.github.resnetensembles.djl.internal;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDScope;
import io.github.resnetensembles.BackendException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * What every engine call goes through: it is refused after closing, closing waits for it, it runs
 * without gradients, and every array it makes and does not keep is freed when it ends.
 *
 * <p>An orderly exit of the JVM closes the gate too, since PyTorch crashes when its static objects
 * are destroyed under a running call.
 */
final class Gate {
  private static final long EXIT_WAIT_SECONDS = 10;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final String name;
  private final int threads;
  private final Runnable free;
  private final Thread exitHook;
  private final CountDownLatch closedSignal = new CountDownLatch(1);
  private volatile boolean waitsForOwner;
  private boolean closed;

  /**
   * Opens the gate.
   *
   * @param name of the network, for messages
   * @param threads of the engine for one call
   * @param free frees what the network owns; run once
   */
  Gate(String name, int threads, Runnable free) {
    this.name = name;
    this.threads = threads;
    this.free = free;
    this.exitHook = new Thread(this::closeAtExit, "close " + name);
  }

  /** Closes this gate when the JVM exits. */
  void closeWithProcess() {
    try {
      Runtime.getRuntime().addShutdownHook(exitHook);
    } catch (IllegalStateException e) {
      // The JVM is exiting already; the owner is about to learn of it.
    }
  }

  /**
   * At an exit of the JVM, gives the owner some seconds to close this gate, for work of many calls
   * that belong together: an interrupted training ends its step and writes a checkpoint.
   */
  void waitForOwnerAtExit() {
    waitsForOwner = true;
  }

  <T> T call(Supplier<T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("network " + name + " is closed");
      }
      boolean gradients = Torch.enterInference(threads);
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        return work.get();
      } catch (EngineException e) {
        throw new BackendException(
            "PyTorch failed in network " + name + ": " + TorchEngine.firstLine(e), e);
      } finally {
        Torch.leaveInference(gradients);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  void close() {
    lock.writeLock().lock();
    try {
      closeLocked();
    } finally {
      lock.writeLock().unlock();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(exitHook);
    } catch (IllegalStateException e) {
      // The JVM is exiting: the hook finds the gate closed.
    }
  }

  private void closeAtExit() {
    try {
      boolean unusedClosed =
          waitsForOwner && closedSignal.await(EXIT_WAIT_SECONDS, TimeUnit.SECONDS);
      // Limited: a call that itself ends the JVM would otherwise wait for this hook for ever.
      if (lock.writeLock().tryLock(EXIT_WAIT_SECONDS, TimeUnit.SECONDS)) {
        closeLocked();
        lock.writeLock().unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeLocked() {
    if (!closed) {
      closed = true;
      free.run();
      closedSignal.countDown();
    }
  }
}
