package io.github.resnetensembles.files;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.FileNames;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.AtomicFiles;
import io.github.resnetensembles.internal.io.Uninterrupted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A folder that is locked by the system's lock on a file in it. */
record LockedFolder(FileChannel channel) implements FolderLock {
  private static final String FILE = ".lock";

  /** As {@link FolderLock#of}. */
  static FolderLock of(Path folder) {
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
        AtomicFiles.removeAbandoned(folder);
        return new LockedFolder(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new FileAccessException(
          "cannot lock the folder %s: %s; make it writable, or name another folder"
              .formatted(Names.path(folder), FileNames.reason(e)),
          e);
    }
    throw new InvalidInputException(
        ("the folder %s is in use by another run, which would be mixed up with this"
                + " one; wait until that one has ended, or name another folder")
            .formatted(folder));
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
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
