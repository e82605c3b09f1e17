package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights in memory.
 *
 * @param tensors in the order of the architecture's parameters, unmodifiable
 * @param assumed of what the tensors do not tell
 * @param origins how each tensor stood in the file that it was read from, by its own name; empty
 *     where there is none
 */
record ArrayWeights(
    Architecture architecture,
    Map<String, NamedTensor> tensors,
    String sha256,
    Optional<String> fileSha256,
    boolean trained,
    String source,
    Map<String, String> assumed,
    Map<String, List<StoredTensor.Origin>> origins)
    implements Weights {
  /** Keeps the order. */
  ArrayWeights {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Weights of a file.
   *
   * @param tensors in the architecture's order
   * @param assumed of what they do not tell
   * @param origins how each stands there
   */
  static ArrayWeights ofFile(
      Architecture architecture,
      Map<String, NamedTensor> tensors,
      String fileSha256,
      boolean trained,
      String source,
      Map<String, String> assumed,
      Map<String, List<StoredTensor.Origin>> origins) {
    return new ArrayWeights(
        architecture,
        tensors,
        sha256(tensors.values()),
        Optional.of(fileSha256),
        trained,
        source,
        assumed,
        origins);
  }

  private static String sha256(Collection<? extends NamedTensor> tensors) {
    MessageDigest digest = FileContent.newSha256();
    tensors.forEach(tensor -> digest.update(SafetensorsFile.bytes(tensor.floats())));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** As {@link Weights#withImageSize} says. */
  static Weights withImageSize(Weights weights, int size) {
    Architecture before = weights.architecture();
    Architecture after = before.toBuilder().input(before.input().withSize(size)).build();
    if (!after.parameters().equals(before.parameters())) {
      throw new InvalidInputException(
          "%s takes images of %s only: its tensors are of this size, not of %sx%s"
              .formatted(before.name(), before.input().paddedShape(), size, size));
    }
    Map<String, String> assumed = new LinkedHashMap<>(weights.assumed());
    assumed.replace(Assumption.IMAGE_SIZE.key(), String.valueOf(size));
    return new ArrayWeights(
        after,
        weights.tensors(),
        weights.sha256(),
        weights.fileSha256(),
        weights.trained(),
        weights.source(),
        assumed,
        origins(weights));
  }

  /** How the tensors stood in the file that they were read from; empty if they were not. */
  static Map<String, List<StoredTensor.Origin>> origins(Weights weights) {
    return weights instanceof ArrayWeights arrays ? arrays.origins : Map.of();
  }

  /** As {@link Weights#namedAs} says. */
  static Weights namedAs(Weights weights, Weights other) {
    Architecture ours = weights.architecture();
    Architecture theirs = other.architecture();
    if (!ours.parameters().equals(theirs.parameters())) {
      throw new InvalidInputException(
          "%s does not have the tensors of %s, whose names it cannot take"
              .formatted(ours.name(), theirs.name()));
    }
    return new ArrayWeights(
        ours,
        weights.tensors(),
        weights.sha256(),
        weights.fileSha256(),
        weights.trained(),
        weights.source(),
        weights.assumed(),
        origins(other));
  }

  /**
   * Weights that come from no file.
   *
   * @param tensors one for each parameter, in order
   * @param assumed of what they did not tell
   * @param origins how they, or those they were made of, stood in a file
   */
  static ArrayWeights inMemory(
      Architecture architecture,
      Collection<? extends NamedTensor> tensors,
      boolean trained,
      String source,
      Map<String, String> assumed,
      Map<String, List<StoredTensor.Origin>> origins) {
    Map<String, NamedTensor> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    if (!byName.keySet().stream()
        .toList()
        .equals(architecture.parameters().stream().map(ParameterSpec::name).toList())) {
      throw new InvalidInputException(
          "the tensors are not those of " + architecture.name() + ", in its order");
    }
    return new ArrayWeights(
        architecture, byName, sha256(tensors), Optional.empty(), trained, source, assumed, origins);
  }

  @Override
  public String toString() {
    return architecture.name() + " from " + source;
  }
}
