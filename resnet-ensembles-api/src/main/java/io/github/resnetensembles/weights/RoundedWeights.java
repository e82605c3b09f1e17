package io.github.resnetensembles.weights;

import java.util.List;

/** Weights of half the size. */
final class RoundedWeights {
  private RoundedWeights() {}

  static Weights of(Weights weights) {
    List<NamedTensor> rounded =
        weights.tensors().values().stream().map(RoundedWeights::rounded).toList();
    return ArrayWeights.inMemory(
        weights.architecture(),
        rounded,
        weights.trained(),
        weights.source() + ", rounded",
        weights.assumed(),
        ArrayWeights.origins(weights));
  }

  private static NamedTensor rounded(NamedTensor tensor) {
    float[] values = tensor.floats();
    if (tensor.shape().size() > 1) {
      for (int i = 0; i < values.length; i++) {
        values[i] = ElementType.toBfloat16(values[i]);
      }
    }
    return NamedTensor.of(tensor.name(), tensor.shape(), values);
  }
}
