package io.github.resnetensembles.djl.internal;

import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * Tunes how the threads inside one engine call wait for each other: those of GNU's OpenMP, which
 * PyTorch has on Linux. It reads its environment when the engine is loaded.
 */
public final class EngineWaiting {
  private static final String SPINS = "GOMP_SPINCOUNT";

  /** Some 40 microseconds; unless told it is 300 times as long. */
  private static final String FEW = "1000";

  private EngineWaiting() {}

  /** {@return whether it took effect; never against what the user's environment says} */
  public static boolean tune() {
    Map<String, String> given = System.getenv();
    boolean own = given.containsKey(SPINS) || given.containsKey("OMP_WAIT_POLICY");
    return !own && GlibcAllocator.withGlibc(EngineWaiting::setSpins);
  }

  private static boolean setSpins(NativeLibrary glibc) {
    return glibc.getFunction("setenv").invokeInt(new Object[] {SPINS, FEW, 0}) == 0;
  }
}
