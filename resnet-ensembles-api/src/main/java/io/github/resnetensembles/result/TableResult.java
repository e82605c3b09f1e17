package io.github.resnetensembles.result;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.internal.io.AtomicFiles;
import java.nio.file.Path;

/** A result that has lines of one form. Implemented by this library alone. */
public interface TableResult extends Result {
  /** {@return its lines as CSV, with names as in the JSON; what a line does not have is empty} */
  String toCsv();

  /**
   * Writes {@link #toCsv()} to a file, in one atomic move.
   *
   * @param file the target; an existing file is replaced
   * @throws FileAccessException if it cannot be written
   */
  default void writeCsv(Path file) {
    AtomicFiles.write(file, toCsv());
  }
}
