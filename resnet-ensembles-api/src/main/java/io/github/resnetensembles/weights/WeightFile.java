package io.github.resnetensembles.weights;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Require;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights with what was saved beside them in one of this library's own files: a checkpoint of a
 * training is one. A checksum over all texts and values tells damage, and {@link Weights#of} reads
 * the weights alone.
 *
 * @param weights the network's
 * @param texts by key, in order, so that equal content gives equal bytes
 * @param tensors beside the weights, by name, in order
 */
public record WeightFile(
    Weights weights, Map<String, String> texts, Map<String, NamedTensor> tensors) {
  /**
   * Copies the maps.
   *
   * @param weights the network's
   * @param texts by key
   * @param tensors beside the weights, by name
   */
  public WeightFile {
    Require.present("weights", weights);
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Reads a file, once.
   *
   * @param file what {@link #write} wrote
   * @return all that is in it
   * @throws InvalidWeightsException if the file is none of these, or damaged
   * @throws FileAccessException if it cannot be read
   * @throws RunInterruptedException if the thread was interrupted
   */
  public static WeightFile read(Path file) {
    return GuardedFile.read(file);
  }

  /**
   * Writes a file in one atomic move, also where the thread is interrupted.
   *
   * @param file the target; an existing file is replaced
   * @throws FileAccessException if it cannot be written
   */
  public void write(Path file) {
    GuardedFile.write(this, file);
  }
}
