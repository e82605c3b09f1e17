package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.Weights;
import io.github.resnetensembles.internal.Names;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the library's own files: safetensors, the network described in the metadata. */
public final class WeightsWriter {
  /** The prefix of tensors beside the weights, which the reader of weights skips. */
  public static final String OPTIMIZER = "optimizer.";

  static final String ARCHITECTURE = "resnet_ensembles.architecture";
  private static final String FORMAT = "resnet_ensembles.format";
  private static final String TRAINED = "resnet_ensembles.trained";
  private static final String VERSION = "1";

  private WeightsWriter() {}

  public static void write(Weights weights, Path file) {
    SafetensorsFile.write(file, metadata(weights), weights.tensors().values());
  }

  /** The metadata of a file that holds these weights, alone or with other tensors. */
  public static Map<String, String> metadata(Weights weights) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt"); // What other readers of safetensors expect for this layout.
    metadata.put(FORMAT, VERSION);
    metadata.put(ARCHITECTURE, weights.architecture().toJson());
    metadata.put(TRAINED, String.valueOf(weights.trained()));
    return metadata;
  }

  static void checkFormat(Map<String, String> metadata) {
    @Nullable String version = metadata.get(FORMAT);
    if (!VERSION.equals(version)) {
      throw new InvalidWeightsException(
          "the file has the format version "
              + (version == null ? "none" : "'" + Names.shorten(version) + "'")
              + " but only '"
              + VERSION
              + "' is known; read it with a newer version of the library");
    }
  }

  static boolean trained(Map<String, String> metadata) {
    String trained = metadata.getOrDefault(TRAINED, "nothing");
    if (!trained.equals("true") && !trained.equals("false")) {
      throw new InvalidWeightsException(
          "the metadata "
              + TRAINED
              + " must be 'true' or 'false', got '"
              + Names.shorten(trained)
              + "'");
    }
    return trained.equals("true");
  }
}
