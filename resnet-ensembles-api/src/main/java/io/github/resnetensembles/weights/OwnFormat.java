package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the metadata of the library's own files say: the network, and whether it is trained. */
final class OwnFormat {
  /** The prefix of tensors beside the weights, which the reader of weights skips. */
  private static final String OPTIMIZER = "optimizer.";

  /** The metadata of tensors alone: what other readers of safetensors expect for this layout. */
  static final Map<String, String> TENSORS_ALONE = Map.of("format", "pt");

  static final String ARCHITECTURE = "resnet_ensembles.architecture";
  private static final String FORMAT = "resnet_ensembles.format";
  private static final String TRAINED = "resnet_ensembles.trained";

  /** Version 1 describes blocks by their kind, version 2 by their layers. */
  private static final List<String> VERSIONS = List.of("1", "2");

  private static final String NEWEST = VERSIONS.get(VERSIONS.size() - 1);

  private OwnFormat() {}

  /** The metadata of a file of weights, alone or with other tensors. */
  static Map<String, String> metadata(Weights weights) {
    Map<String, String> metadata = new LinkedHashMap<>(TENSORS_ALONE);
    metadata.put(FORMAT, NEWEST);
    metadata.put(ARCHITECTURE, weights.architecture().toJson());
    metadata.put(TRAINED, String.valueOf(weights.trained()));
    return metadata;
  }

  /** {@return a tensor under the name that it has in a file beside weights} */
  static NamedTensor beside(String name, NamedTensor tensor) {
    return NamedTensor.of(OPTIMIZER + name, tensor.shape(), tensor.doubles());
  }

  /** {@return the own name of a tensor that stands beside weights in a file; empty for others} */
  static Optional<String> beside(String name) {
    return name.startsWith(OPTIMIZER)
        ? Optional.of(name.substring(OPTIMIZER.length()))
        : Optional.empty();
  }

  static void checkFormat(Map<String, String> metadata) {
    @Nullable String version = metadata.get(FORMAT);
    if (version == null || !VERSIONS.contains(version)) {
      throw new InvalidWeightsException(
          ("the file has the format version %s but only %s are known; read it with a"
                  + " newer version of the library")
              .formatted(
                  version == null ? "none" : "'" + Names.shorten(version) + "'",
                  String.join(" and ", VERSIONS)));
    }
  }

  static boolean trained(Map<String, String> metadata) {
    String trained = metadata.getOrDefault(TRAINED, "nothing");
    if (!trained.equals("true") && !trained.equals("false")) {
      throw new InvalidWeightsException(
          "the metadata %s must be 'true' or 'false', got '%s'"
              .formatted(TRAINED, Names.shorten(trained)));
    }
    return trained.equals("true");
  }
}
