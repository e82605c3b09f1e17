package io.github.resnetensembles.djl.internal;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDScope;
import io.github.resnetensembles.BackendException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * What every engine call goes through: it is refused after closing, closing waits for it, it runs
 * without gradients, and every array it makes and does not keep is freed when it ends.
 */
final class Gate {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final String name;
  private final int threads;
  private final Runnable free;
  private volatile boolean closing;
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
  }

  <T> T call(Supplier<T> work) {
    enter();
    try {
      return NativeCalls.call(() -> withoutGradients(work));
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * A call within a call goes on while somebody waits to close, who waits for both. Looks after
   * locking: whoever says before locking that it closes then waits for this call.
   */
  private void enter() {
    boolean within = lock.getReadHoldCount() > 0;
    boolean locked = lock.readLock().tryLock();
    if (locked && (within || !closing)) {
      return;
    }
    if (locked) {
      lock.readLock().unlock();
    }
    throw new IllegalStateException("network " + name + " is closed");
  }

  private <T> T withoutGradients(Supplier<T> work) {
    boolean gradients = Torch.enterInference(threads);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return work.get();
    } catch (IllegalStateException e) {
      throw ownerIsGone(e) ? new BackendException(ownerIsGoneMessage(e), e) : e;
    } catch (EngineException e) {
      throw new BackendException(describe(name, e), e);
    } finally {
      Torch.leaveInference(gradients);
    }
  }

  static String describe(String name, EngineException e) {
    String message = String.valueOf(e.getMessage());
    boolean memory = message.contains("can't allocate memory") || message.contains("out of memory");
    return "PyTorch failed in network %s: %s%s"
        .formatted(
            name,
            TorchEngine.firstLine(e),
            memory ? "; take smaller batches, or give the process more memory" : "");
  }

  /** DJL's words for arrays and modules of the user's that are freed; ours are never used then. */
  private static boolean ownerIsGone(IllegalStateException e) {
    return String.valueOf(e.getMessage()).contains("has been released");
  }

  private String ownerIsGoneMessage(IllegalStateException e) {
    return ("a block of network %s is used after its memory was freed (%s): its ai.djl.Model was"
            + " closed, or was collected because nobody knew it any more; keep it open, and give it"
            + " to the builder's keep(...)")
        .formatted(name, TorchEngine.firstLine(e));
  }

  void close() {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "network %s cannot be closed by one of its own blocks while that runs; close it afterwards"
              .formatted(name));
    }
    closing = true;
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        NativeCalls.free(free);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
