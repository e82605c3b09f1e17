package io.github.resnetensembles.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Files that cannot be read, whatever they contain. */
public final class Unreadable {
  private Unreadable() {}

  /** As {@code FileAccessException.reading} says it. */
  public static String describe(Path file, IOException e) {
    return Names.oneLine("cannot read " + Names.path(file) + ": " + reasonAndRemedy(file, e));
  }

  private static String reasonAndRemedy(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return Files.isSymbolicLink(file)
          ? "it is a link to a file that does not exist; mend the link"
          : FileNames.reason(e) + "; check the path";
    }
    if (e instanceof AccessDeniedException) {
      return "access denied; allow the user who runs this to read it";
    }
    if (Files.isDirectory(file)) {
      return "it is a directory; name the file in it";
    }
    if (e instanceof SpecialFileException) {
      return "it is not a regular file; copy what it gives into one";
    }
    return FileNames.reason(e) + "; check the path, and the disk or network that it lies on";
  }

  /**
   * Requires that a file can be opened as data are: pipes and devices, which end only once or
   * never, are not.
   *
   * @throws IOException if it is missing, a directory or no regular file
   */
  public static void requireRegular(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new FileSystemException(file.toString(), null, "it is a directory");
    }
    if (!attributes.isRegularFile()) {
      throw new SpecialFileException(file);
    }
  }

  /**
   * {@return whether a file is there and regular}
   *
   * @throws IOException if that cannot be told, unlike {@link Files#isRegularFile}, which then says
   *     no
   */
  public static boolean isRegular(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).isRegularFile();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * {@return what a directory holds}
   *
   * @throws IOException if that cannot be read, also in the middle
   */
  public static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private static final class SpecialFileException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    SpecialFileException(Path file) {
      super(file.toString(), null, "it is not a regular file");
    }
  }
}
