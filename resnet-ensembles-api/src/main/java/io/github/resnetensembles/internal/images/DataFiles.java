package io.github.resnetensembles.internal.images;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.AtomicFiles;
import io.github.resnetensembles.internal.Interrupts;
import io.github.resnetensembles.internal.Names;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Access to data files whose failures are {@link InvalidImagesException}s. */
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
   */
  static <T> T read(Path file, Access<T> access) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return access.run();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        } catch (IOException e) {
          throw unreadable(file, e);
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
   * @throws io.github.resnetensembles.StudyInterruptedException if the thread is interrupted,
   *     before or meanwhile; its flag stays set
   */
  static <T> T readUnlessInterrupted(Path file, Interrupts interrupts, Access<T> access) {
    interrupts.check();
    try {
      return access.run();
    } catch (ClosedByInterruptException e) {
      throw interrupts.exception();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static InvalidImagesException unreadable(Path file, IOException e) {
    return new InvalidImagesException(
        "cannot read " + show(file) + ": " + AtomicFiles.reason(e), e);
  }

  /** {@return the size of a regular file, in bytes} */
  static long size(Path file) {
    return read(
        file,
        () -> {
          long size = Files.size(file);
          if (!Files.isRegularFile(file)) {
            throw new InvalidImagesException(
                "cannot read images from "
                    + show(file)
                    + ": it is "
                    + (Files.isDirectory(file)
                        ? "a directory; name the file in it"
                        : "not a regular file; copy it into one"));
          }
          return size;
        });
  }

  /** {@return the last part of the path, even of {@code .}} */
  static String name(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? "/" : Names.oneLine(name.toString());
  }

  /** {@return the path as given, on one line} */
  static String show(Path path) {
    return Names.oneLine(path.toString());
  }
}
