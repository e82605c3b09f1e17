package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Weight files with more in them, guarded by a checksum over texts and values. */
final class GuardedFile {
  private static final String CHECKSUM = "resnet_ensembles.sha256";
  private static final int VALUES_BETWEEN_LOOKS = 1 << 20;

  private GuardedFile() {}

  static void write(WeightFile content, Path file) {
    Map<String, String> metadata = OwnFormat.metadata(content.weights());
    content
        .texts()
        .forEach(
            (key, text) -> {
              if (metadata.putIfAbsent(key, text) != null || key.equals(CHECKSUM)) {
                throw new InvalidInputException(
                    "the key '" + Names.shorten(key) + "' says something else in these files");
              }
            });
    List<NamedTensor> tensors = new ArrayList<>(content.weights().tensors().values());
    content.tensors().forEach((name, tensor) -> tensors.add(OwnFormat.beside(name, tensor)));
    // An interrupted training writes its checkpoint, too.
    metadata.put(CHECKSUM, checksum(metadata, tensors, () -> {}));
    SafetensorsFile.write(file, metadata, tensors);
  }

  static WeightFile read(Path file) {
    try {
      FileContent content = FileContent.read(file);
      if (!SafetensorsFile.recognises(content.bytes())) {
        throw new InvalidWeightsException("the file is no safetensors file");
      }
      TensorFile parsed = SafetensorsFile.parse(content.bytes());
      Map<String, NamedTensor> tensors = tensors(parsed, content.bytes().length);
      Map<String, String> metadata = new LinkedHashMap<>(parsed.metadata());
      String expected = metadata.remove(CHECKSUM);
      if (!checksum(metadata, tensors.values(), ReadBudget::look).equals(expected)) {
        throw new InvalidWeightsException("its content does not match its checksum");
      }
      Weights weights =
          FileLoader.of(file).assemble(parsed, content, new ReadBudget(content.bytes().length));
      metadata.keySet().removeAll(OwnFormat.metadata(weights).keySet());
      Map<String, NamedTensor> besides = new LinkedHashMap<>();
      tensors.forEach(
          (name, tensor) -> OwnFormat.beside(name).ifPresent(own -> besides.put(own, tensor)));
      return new WeightFile(weights, metadata, besides);
    } catch (InvalidWeightsException e) {
      throw new InvalidWeightsException(Names.oneLine(Names.path(file) + ": " + e.getMessage()), e);
    }
  }

  private static Map<String, NamedTensor> tensors(TensorFile parsed, int bytes) {
    ReadBudget budget = new ReadBudget(bytes);
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    parsed
        .tensors()
        .forEach(
            (name, entry) -> {
              StoredTensor tensor = entry.tensor(name);
              budget.take(tensor.decodedBytes(), Names.shorten(name));
              tensors.put(name, tensor.decode(name, tensor.shape()));
            });
    return tensors;
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
