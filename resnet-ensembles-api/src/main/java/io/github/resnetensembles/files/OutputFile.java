package io.github.resnetensembles.files;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that a result is written to, in the way of all of this library's own writers: a reader
 * sees the old content or the new, never a part, since a temporary file beside the target is moved
 * into place. A link is followed, and a file that is replaced keeps its mode. What exists and is no
 * regular file is written to directly: a device, a pipe, and the process's own {@code /dev/stdout}
 * and {@code /dev/stderr}. An interrupt does not disturb writing; a pipe that nobody reads is
 * waited for, but not longer than ten seconds after an interrupt.
 *
 * @param path the target; it need not exist, but the directory that it is in must
 */
public record OutputFile(Path path) {
  /**
   * Checks the component.
   *
   * @param path the target
   * @throws NullPointerException if it is null
   */
  public OutputFile {
    Require.present("path", path);
  }

  /** Writes the content of a file. */
  public interface Content {
    /**
     * Writes.
     *
     * @param out a buffered stream, which is not to be closed
     * @throws IOException if writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Tries what writing will do, without changing the target: before work whose result could not be
   * kept.
   *
   * @return why the file cannot be written, as the end of a sentence; empty if it can be
   */
  public Optional<String> obstacle() {
    return AtomicFiles.obstacle(path);
  }

  /**
   * Writes text as UTF-8.
   *
   * @param text the whole content
   * @throws FileAccessException if it cannot be written
   */
  public void write(String text) {
    AtomicFiles.write(path, text);
  }

  /**
   * Writes what a callback writes. Where that throws, the target stays as it is.
   *
   * @param content the whole content
   * @throws FileAccessException if it cannot be written
   */
  public void write(Content content) {
    AtomicFiles.write(path, content::writeTo);
  }
}
