package io.github.resnetensembles.djl;

import io.github.resnetensembles.djl.internal.EngineWaiting;
import io.github.resnetensembles.djl.internal.GlibcAllocator;

/**
 * Settings of the whole process. The library never changes them by itself: an application may.
 *
 * <p>PyTorch's number of threads is one for the whole process, too, and is set by whoever computes:
 * a network of this backend sets it, in the calling thread, to what it was opened with.
 *
 * <p>Implemented by this library alone.
 */
public interface DjlRuntime {
  /**
   * Makes the C library keep freed memory for the next tensor instead of giving it back to the
   * system each time, which makes forward passes about a tenth faster; memory then stays with the
   * process, but that trainings now and then give back what their steps leave unused. Call it once,
   * before anything loads the engine (opening a model, {@code Backend.engine()}). Only for glibc on
   * Linux; elsewhere it does nothing.
   *
   * @return whether it took effect
   */
  static boolean tuneAllocator() {
    return GlibcAllocator.tune();
  }

  /**
   * Makes the threads inside one engine call wait for each other for some microseconds only before
   * they sleep, where they would keep their processors busy for milliseconds after every layer. On
   * a machine that has other work, too, training and recalibration, which have all threads in one
   * call, take a fraction of the processor time; no result changes. Call it once, before anything
   * loads the engine. Only for glibc on Linux, and not against the environment variables {@code
   * OMP_WAIT_POLICY} and {@code GOMP_SPINCOUNT}; elsewhere it does nothing.
   *
   * @return whether it took effect
   */
  static boolean tuneWaiting() {
    return EngineWaiting.tune();
  }
}
