package io.github.resnetensembles.examples;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.files.OutputFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Text files as results, and what to say where a file cannot be had. */
public final class ResultFiles {
  private ResultFiles() {}

  /**
   * Writes so that an interrupt of the caller, before or meanwhile, does not disturb it: Java
   * closes a file under a thread that is interrupted. The interrupt is kept for later.
   *
   * @param writing runs on a thread of its own
   */
  public static void undisturbed(Runnable writing) {
    FutureTask<Boolean> task = new FutureTask<>(writing, true);
    new Thread(task, "results").start();
    try {
      boolean unused = Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
      throw new IllegalStateException(e);
    }
  }

  /**
   * Writes text, as {@link OutputFile} does.
   *
   * @param file the target; an existing file is replaced
   * @param text its new content
   * @throws FileAccessException if it cannot be written
   */
  public static void write(Path file, String text) {
    new OutputFile(file).write(text);
  }

  /**
   * Says shortly why a file could not be read or written, in place of Java's bare file names.
   *
   * @param e what was thrown
   * @return the reason
   */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file has that name";
    }
    return e instanceof AccessDeniedException ? "access denied" : String.valueOf(e.getMessage());
  }
}
