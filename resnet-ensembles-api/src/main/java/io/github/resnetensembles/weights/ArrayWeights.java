package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights in memory.
 *
 * @param tensors in the order of the architecture's parameters, unmodifiable
 */
record ArrayWeights(
    Architecture architecture,
    Map<String, NamedTensor> tensors,
    String sha256,
    boolean trained,
    String source)
    implements Weights {
  /** Keeps the order. */
  ArrayWeights {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Weights that come from no file: their hash is that of all values in the architecture's order,
   * each as four little-endian bytes of float32.
   *
   * @param tensors one for each parameter, in order
   */
  static ArrayWeights inMemory(
      Architecture architecture,
      Collection<? extends NamedTensor> tensors,
      boolean trained,
      String source) {
    Map<String, NamedTensor> byName = new LinkedHashMap<>();
    MessageDigest digest = FileContent.newSha256();
    for (NamedTensor tensor : tensors) {
      byName.put(tensor.name(), tensor);
      digest.update(SafetensorsFile.bytes(tensor.floats()));
    }
    if (!byName.keySet().stream()
        .toList()
        .equals(architecture.parameters().stream().map(ParameterSpec::name).toList())) {
      throw new InvalidInputException(
          "the tensors are not those of " + architecture.name() + ", in its order");
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    return new ArrayWeights(architecture, byName, sha256, trained, source);
  }

  @Override
  public String toString() {
    return architecture.name() + " from " + source;
  }
}
