package io.github.resnetensembles.internal.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.internal.FileNames;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Unreadable;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Writes files so that a reader sees the old content or the new, never a part. Links are followed.
 * What exists and is no regular file, such as a pipe or a device, is written to directly.
 */
public final class AtomicFiles {
  /** Less than the JVM's end waits for work; who reads a result at all begins within it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** As many as Linux follows. */
  private static final int MAX_LINKS = 40;

  /** These share the position of the open stream, which opening the name again would not. */
  private static final Map<String, FileDescriptor> STREAMS =
      Map.of(
          "/dev/stdout", FileDescriptor.out,
          "/dev/fd/1", FileDescriptor.out,
          "/proc/self/fd/1", FileDescriptor.out,
          "/dev/stderr", FileDescriptor.err,
          "/dev/fd/2", FileDescriptor.err,
          "/proc/self/fd/2", FileDescriptor.err);

  /** Nobody writes one file for so long. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private static final Pattern TEMPORARY = Pattern.compile("[.][0-9a-f]{8}-[0-9a-f-]{27}[.]part");

  /** Writes the content of a file. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFiles() {}

  /**
   * Writes text.
   *
   * @throws FileAccessException if it cannot be written
   */
  public static void write(Path target, String text) {
    write(target, out -> out.write(text.getBytes(UTF_8)));
  }

  /**
   * Writes a temporary file beside the target, then moves it into place.
   *
   * @throws FileAccessException if it cannot be written
   */
  public static void write(Path target, Content content) {
    write(target, content, PATIENCE);
  }

  /** With a time for which an interrupted thread waits for those who read what is no file. */
  static void write(Path target, Content content, Duration patience) {
    Runnable writing = () -> writeNow(target, content);
    if (STREAMS.containsKey(target.toString()) || !isSpecial(target)) {
      Uninterrupted.run(writing);
    } else if (!Uninterrupted.run(writing, patience)) {
      String reason =
          "nobody read it within %s seconds after the interruption; give a file, or begin to read first"
              .formatted(patience.toMillis() / 1000.0);
      throw new FileAccessException(
          "cannot write " + show(target) + ": " + reason, new InterruptedIOException(reason));
    }
  }

  private static void writeNow(Path target, Content content) {
    try {
      FileDescriptor stream = STREAMS.get(target.toString());
      if (stream != null) {
        // Closing would close the process's own stream.
        write(new FileOutputStream(stream), content);
        return;
      }
      Path file = destination(target);
      if (isSpecial(file)) {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
          write(out, content);
        }
        return;
      }
      replace(file, content);
    } catch (IOException e) {
      throw new FileAccessException("cannot write " + show(target) + ": " + FileNames.reason(e), e);
    }
  }

  /** {@return what would keep a file from being written, found by beginning to} */
  public static Optional<String> obstacle(Path target) {
    try {
      if (!STREAMS.containsKey(target.toString())) {
        Path file = destination(target);
        if (!isSpecial(file)) {
          Files.delete(temporary(file));
        } else if (!Files.isWritable(file)) {
          throw new AccessDeniedException(file.toString());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(FileNames.reason(e));
    }
  }

  private static void replace(Path file, Content content) throws IOException {
    Path temporary = temporary(file);
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        write(out, content);
      }
      move(temporary, file);
    } finally {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // The target is complete or an exception is under way; a stray .part file harms neither.
      }
    }
  }

  /**
   * Removes the temporary files of processes that were killed while they wrote into a folder: those
   * that nobody has written to for an hour.
   */
  public static void removeAbandoned(Path folder) {
    FileTime hourAgo = FileTime.from(Instant.now().minus(ABANDONED));
    try {
      for (Path file : Unreadable.list(folder)) {
        if (TEMPORARY.matcher(String.valueOf(file.getFileName())).matches()
            && Files.getLastModifiedTime(file).compareTo(hourAgo) < 0) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // They harm nobody.
    }
  }

  private static void write(OutputStream out, Content content) throws IOException {
    OutputStream buffered = new BufferedOutputStream(out);
    content.writeTo(buffered);
    buffered.flush();
  }

  /** The file that a chain of links leads to, whether it exists or not. */
  private static Path destination(Path target) throws IOException {
    Path file = target.toAbsolutePath();
    for (int i = 0; i < MAX_LINKS; i++) {
      // The links under /proc/self/fd that lead to pipes have no target that could be named.
      if (!Files.isSymbolicLink(file) || isSpecial(file)) {
        return file;
      }
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    throw new FileSystemException(null, null, "too many levels of symbolic links");
  }

  private static boolean isSpecial(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /**
   * An empty file with the mode of the one that it will replace. Its name does not depend on the
   * target's, which may be as long as the file system allows.
   */
  private static Path temporary(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new FileSystemException(null, null, "it is a directory");
    }
    if (!Files.isDirectory(folder)) {
      throw new FileSystemException(null, null, "there is no directory " + show(folder));
    }
    boolean exists = exists(file);
    if (exists && !Files.isWritable(file)) {
      throw new AccessDeniedException(file.toString());
    }
    // Not Files.createTempFile, whose files only their owner may read.
    Path temporary = Files.createFile(folder.resolve("." + UUID.randomUUID() + ".part"));
    if (exists) {
      copyMode(file, temporary);
    }
    return temporary;
  }

  /** Unlike {@link Files#exists}, tells a missing file from a name that cannot be one. */
  private static boolean exists(Path file) throws IOException {
    try {
      BasicFileAttributes unused =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void copyMode(Path from, Path to) throws IOException {
    PosixFileAttributeView source = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    PosixFileAttributeView target = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (source != null && target != null) {
      target.setPermissions(source.readAttributes().permissions());
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String show(Path file) {
    return Names.path(file);
  }
}
