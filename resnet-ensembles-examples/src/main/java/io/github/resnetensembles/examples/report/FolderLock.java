package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.ResultFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A report's folder that one run has for itself: the system takes the lock back from a process that
 * is killed.
 */
record FolderLock(FileChannel channel) implements AutoCloseable {
  static FolderLock of(Path folder) {
    FolderLock[] lock = new FolderLock[1];
    ResultFiles.undisturbed(() -> lock[0] = lock(folder));
    return lock[0];
  }

  private static FolderLock lock(Path folder) {
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel) != null) {
        return new FolderLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw ReportRun.cannotUse(folder, e);
    }
    throw new InvalidInputException(
        "--out "
            + folder
            + " is in use by another run, which would be mixed up with this one; wait until that one"
            + " has ended, or name another folder");
  }

  private static @Nullable FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
