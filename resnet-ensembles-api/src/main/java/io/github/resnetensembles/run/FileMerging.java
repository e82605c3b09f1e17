package io.github.resnetensembles.run;

import java.nio.file.Path;

/**
 * Puts results together that are files, without ever having all their rows in memory. What comes
 * out is what merging them in memory gives.
 */
interface FileMerging {
  /**
   * Takes a file, after reading it to its end.
   *
   * @param file where it is
   * @param open the same file, just opened
   * @throws ResultFile.DamagedException if it is damaged; it was not taken then
   */
  void add(Path file, ResultFile open) throws ResultFile.DamagedException;

  /**
   * Writes what the files that were taken are together.
   *
   * @param target the file to be written, as {@link ResultFile} reads it
   * @param temporary an empty folder, for what does not fit into memory
   * @return false if these can only be put together in memory; nothing was written then
   * @throws ResultFile.DamagedException if a file is not what it was, or has rows that are none
   */
  boolean write(Path target, Path temporary) throws ResultFile.DamagedException;
}
