package io.github.resnetensembles.internal.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.NamedTensor;
import io.github.resnetensembles.internal.Names;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of the library's own safetensors files with all its tensors, whatever their names, guarded by
 * a checksum over texts and values.
 *
 * @param metadata texts, without the checksum
 * @param tensors by name, in the file's order
 */
public record TensorArchive(Map<String, String> metadata, Map<String, NamedTensor> tensors) {
  private static final int VALUES_BETWEEN_LOOKS = 1 << 20;
  private static final String CHECKSUM = "resnet_ensembles.sha256";

  /** Writes in one atomic move. */
  public static void write(
      Path file, Map<String, String> metadata, Collection<? extends NamedTensor> tensors) {
    Map<String, String> guarded = new LinkedHashMap<>(metadata);
    // An interrupted training writes its checkpoint, too.
    guarded.put(CHECKSUM, checksum(metadata, tensors, () -> {}));
    SafetensorsFile.write(file, guarded, tensors);
  }

  /**
   * Reads all tensors.
   *
   * @throws InvalidWeightsException if the file is damaged
   * @throws io.github.resnetensembles.FileAccessException if it cannot be read
   */
  public static TensorArchive read(Path file) {
    try {
      byte[] bytes = FileContent.read(file).bytes();
      if (!SafetensorsFile.recognises(bytes)) {
        throw new InvalidWeightsException("the file is no safetensors file");
      }
      TensorFile parsed = SafetensorsFile.parse(bytes);
      ReadBudget budget = new ReadBudget(bytes.length);
      Map<String, NamedTensor> tensors = new LinkedHashMap<>();
      parsed
          .tensors()
          .forEach(
              (name, entry) -> {
                StoredTensor tensor = entry.tensor(name);
                budget.take(tensor.decodedBytes(), Names.shorten(name));
                tensors.put(name, tensor.decode(name));
              });
      Map<String, String> metadata = new LinkedHashMap<>(parsed.metadata());
      String expected = metadata.remove(CHECKSUM);
      if (!checksum(metadata, tensors.values(), ReadBudget::look).equals(expected)) {
        throw new InvalidWeightsException("its content does not match its checksum");
      }
      return new TensorArchive(metadata, tensors);
    } catch (InvalidWeightsException e) {
      throw new InvalidWeightsException(file + ": " + e.getMessage(), e);
    }
  }

  private static String checksum(
      Map<String, String> metadata, Collection<? extends NamedTensor> tensors, Runnable look) {
    Hasher hasher = Hashing.sha256().newHasher();
    new TreeMap<>(metadata)
        .forEach((key, value) -> hasher.putString(key + "\0" + value + "\0", UTF_8));
    for (NamedTensor tensor : tensors) {
      hasher.putString(tensor.name() + tensor.shape() + "\0", UTF_8);
      double[] values = tensor.doubles();
      for (int i = 0; i < values.length; i++) {
        if (i % VALUES_BETWEEN_LOOKS == 0) {
          look.run();
        }
        hasher.putDouble(values[i]);
      }
    }
    return hasher.hash().toString();
  }
}
