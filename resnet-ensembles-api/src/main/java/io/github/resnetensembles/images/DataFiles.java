package io.github.resnetensembles.images;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Unreadable;
import io.github.resnetensembles.internal.io.Interrupts;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Access to data files whose failures are {@link FileAccessException}s. */
final class DataFiles {
  /** What is done with a file. */
  interface Access<T> {
    /**
     * Runs from the start each time it is called.
     *
     * @return the result
     * @throws IOException if the file cannot be read
     */
    T run() throws IOException;
  }

  private DataFiles() {}

  /**
   * Reads a file. A pending interrupt would close the file's channel and look like a damaged file:
   * it is put off instead, so that the caller finds the thread's interrupt flag set when the read
   * is complete.
   *
   * @throws FileAccessException if that cannot be done
   */
  @CanIgnoreReturnValue
  static <T> T read(Path file, Access<T> access) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return access.run();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        } catch (IOException e) {
          throw FileAccessException.reading(file, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Reads much of a file, which an interrupt ends: unlike {@link #read}, for work that has no
   * result yet and can begin anew. Channels see an interrupt by themselves; an access that does
   * other work asks {@code interrupts} between its steps.
   *
   * @throws io.github.resnetensembles.RunInterruptedException if the thread is interrupted, before
   *     or meanwhile; its flag stays set
   */
  @CanIgnoreReturnValue
  static <T> T readUnlessInterrupted(Path file, Interrupts interrupts, Access<T> access) {
    interrupts.check();
    try {
      return access.run();
    } catch (ClosedByInterruptException e) {
      throw interrupts.exception();
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  /** {@return the size of a regular file, in bytes, which is known to open} */
  static long size(Path file) {
    return read(
        file,
        () -> {
          Unreadable.requireRegular(file);
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.size();
          }
        });
  }

  /** {@return whether a file is there and regular} */
  static boolean isRegular(Path file) {
    return read(file, () -> Unreadable.isRegular(file));
  }

  /** {@return the last part of the path, even of {@code .}} */
  static String name(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? "/" : Names.path(name);
  }

  /** {@return the path as given, on one line} */
  static String show(Path path) {
    return Names.path(path);
  }
}
