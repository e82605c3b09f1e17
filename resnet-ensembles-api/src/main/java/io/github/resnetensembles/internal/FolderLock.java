package io.github.resnetensembles.internal;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A folder that one run has for itself. The system holds the lock, on the file {@code .lock}, and
 * takes it back from a process that is killed; the file stays, since one that is removed could be
 * locked twice.
 */
public final class FolderLock implements AutoCloseable {
  private static final String FILE = ".lock";

  private final @Nullable FileChannel channel;

  private FolderLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** {@return no lock, of a run without a folder} */
  public static FolderLock none() {
    return new FolderLock(null);
  }

  /**
   * Locks a folder.
   *
   * @param folder one that exists
   * @return the lock; closing gives the folder back
   * @throws InvalidInputException if another run has it, of this process or another
   * @throws FileAccessException if it cannot be locked
   */
  public static FolderLock of(Path folder) {
    FolderLock[] lock = new FolderLock[1];
    Uninterrupted.run(() -> lock[0] = lock(folder));
    return lock[0];
  }

  private static FolderLock lock(Path folder) {
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        return new FolderLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new FileAccessException(
          "cannot lock the folder " + Names.path(folder) + ": " + AtomicFiles.reason(e), e);
    }
    throw new InvalidInputException(
        "the folder "
            + folder
            + " is in use by another run, which would be mixed up with this one; wait until that one"
            + " has ended, or name another folder");
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The lock ends with the process at the latest.
      }
    }
  }
}
