package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Plain networks whose layers are numbered in sequences, those without tensors too: what is missing
 * between two convolutions is a ReLU and maybe a pool.
 */
final class PlainNames {
  private PlainNames() {}

  /**
   * Finds convolutions, norms and pools in the gaps.
   *
   * @param numbered by {@code features.N.weight} and {@code classifier.N.weight}
   */
  static TensorNames.Recognised recognise(Map<String, StoredTensor> numbered, NamingScheme scheme) {
    SortedMap<Integer, StoredTensor> layers = weights(numbered, "features.");
    SortedMap<Integer, StoredTensor> dense = weights(numbered, "classifier.");
    List<Integer> convolutions = new ArrayList<>();
    layers.forEach(
        (layer, weight) -> {
          if (weight.shape().size() == 4) {
            convolutions.add(layer);
          }
        });
    if (convolutions.size() < 2 || dense.isEmpty()) {
      throw new InvalidWeightsException(
          "a plain network has two convolutions or more and a linear layer, got %s and %s"
              .formatted(convolutions.size(), dense.size()));
    }
    boolean norms = layers.size() > convolutions.size();
    Map<String, String> own = new LinkedHashMap<>();
    Set<Integer> pooled = new TreeSet<>(Set.of(convolutions.size() - 1));
    for (int i = 0; i < convolutions.size(); i++) {
      int layer = convolutions.get(i);
      String place = i == 0 ? "stem." : "blocks." + i + ".";
      own.put("features." + layer + ".", place + "conv.");
      own.put("features." + (layer + 1) + ".", place + "bn.");
      if (i + 1 < convolutions.size() && convolutions.get(i + 1) - layer > (norms ? 3 : 2)) {
        pooled.add(i);
      }
    }
    int number = 0;
    for (int layer : dense.keySet()) {
      number++;
      own.put("classifier." + layer + ".", "head.linear" + number + ".");
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    numbered.forEach(
        (name, tensor) -> {
          int end = name.lastIndexOf('.') + 1;
          String place = own.get(name.substring(0, end));
          if (place == null) {
            throw new InvalidWeightsException(
                "%s follows no convolution that it could be the norm of%s"
                    .formatted(name, Tensors.REMEDY));
          }
          tensors.put(place + name.substring(end), tensor);
        });
    return new TensorNames.Recognised(tensors, List.of(), scheme, pooled);
  }

  private static SortedMap<Integer, StoredTensor> weights(
      Map<String, StoredTensor> numbered, String sequence) {
    SortedMap<Integer, StoredTensor> weights = new TreeMap<>();
    numbered.forEach(
        (name, tensor) -> {
          if (name.startsWith(sequence) && name.endsWith(".weight")) {
            String layer = name.substring(sequence.length(), name.length() - ".weight".length());
            weights.put(Integer.valueOf(layer), tensor);
          }
        });
    return weights;
  }
}
