package io.github.resnetensembles.files;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.training.Training;
import java.nio.file.Path;

/**
 * A folder that one run has for itself, as {@link Training} has its own: two runs that write into
 * one folder would be mixed up. The operating system holds the lock, on a file {@code .lock} in the
 * folder, and takes it back from a process that is killed, so that none is ever stale. The file
 * stays, since one that is removed could be locked twice.
 *
 * <p>Locking removes the temporary files that killed processes left in the folder, where nobody has
 * written to them for an hour.
 *
 * <p>Implemented by this library alone.
 */
public interface FolderLock extends AutoCloseable {
  /**
   * Locks a folder. An interrupt of the calling thread is kept for later.
   *
   * @param folder one that exists
   * @return the lock; closing it gives the folder back
   * @throws InvalidInputException if another run has the folder, of this process or another
   * @throws FileAccessException if the folder cannot be locked
   */
  static FolderLock of(Path folder) {
    return LockedFolder.of(folder);
  }

  /** Gives the folder back; closing twice does nothing more. */
  @Override
  void close();
}
