package io.github.resnetensembles.djl.internal;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tunes glibc's malloc with its mallopt function.
 *
 * <p>Memory that is kept comes to more than is ever in use: glibc reuses the place of an aligned
 * block for another one of its size only if a neighbour of it is free, too, and small blocks that
 * live longer lie between. What is kept and not used can be given back by {@link #release}.
 */
public final class GlibcAllocator {
  private static final int TRIM_THRESHOLD = -1;
  private static final int TOP_PAD = -2;
  private static final int MMAP_THRESHOLD = -3;
  private static final int ARENA_MAX = -8;

  /** The largest that glibc allows: larger blocks still come and go with a system call. */
  private static final int LARGEST_MMAP_THRESHOLD = 32 << 20;

  private static final int HEAP_GROWTH = 64 << 20;

  /**
   * What is kept stays with the heap that it came from, and glibc makes heaps for new threads: no
   * further ones.
   */
  private static final int HEAPS = 1;

  /** Whether freed memory stays with this process. */
  private static final AtomicBoolean KEEPS = new AtomicBoolean();

  private GlibcAllocator() {}

  /** {@return whether this is glibc and all settings took effect} */
  public static boolean tune() {
    boolean tuned = withGlibc(GlibcAllocator::setAll);
    KEEPS.set(tuned);
    return tuned;
  }

  /**
   * Gives back to the system what is free now, and so makes the next use of it slower; does nothing
   * where {@link #tune} has not made it stay.
   *
   * @return whether anything was given back
   */
  static boolean release() {
    return KEEPS.get() && withGlibc(GlibcAllocator::trim);
  }

  private static boolean trim(NativeLibrary glibc) {
    return glibc.getFunction("malloc_trim").invokeInt(new Object[] {new NativeLong(0)}) == 1;
  }

  /** {@return what a setting says of itself, or false if this is not glibc or it cannot be made} */
  static boolean withGlibc(Predicate<NativeLibrary> setting) {
    // JNA has its own logging, of whole stack traces: nobody asked for them.
    Logger jna = Logger.getLogger("com.sun.jna.Native");
    @Nullable Level before = jna.getLevel();
    jna.setLevel(Level.OFF);
    try {
      return Platform.isLinux() && isGlibc() && setting.test(NativeLibrary.getProcess());
    } catch (RuntimeException | Error e) {
      // JNA throws what it likes, and work without this setting is only slower.
      return false;
    } finally {
      jna.setLevel(before);
    }
  }

  /** Other C libraries for Linux have no function of this name; asking for it throws. */
  private static boolean isGlibc() {
    return NativeLibrary.getProcess().getFunction("gnu_get_libc_version") != null;
  }

  private static boolean setAll(NativeLibrary glibc) {
    Function mallopt = glibc.getFunction("mallopt");
    return set(mallopt, MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD)
        && set(mallopt, ARENA_MAX, HEAPS)
        && set(mallopt, TRIM_THRESHOLD, Integer.MAX_VALUE)
        && set(mallopt, TOP_PAD, HEAP_GROWTH);
  }

  private static boolean set(Function mallopt, int parameter, int value) {
    return mallopt.invokeInt(new Object[] {parameter, value}) == 1;
  }
}
