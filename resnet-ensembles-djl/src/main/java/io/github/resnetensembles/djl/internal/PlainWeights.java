package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.weights.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** A network's tensors as they are, nothing folded, brought into the engine when first needed. */
final class PlainWeights {
  private final Weights weights;
  private final Supplier<Map<String, NDArray>> arrays;

  PlainWeights(Weights weights, Tensors tensors) {
    this.weights = weights;
    this.arrays = Suppliers.memoize(() -> load(tensors));
  }

  private Map<String, NDArray> load(Tensors tensors) {
    Map<String, NDArray> loaded = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
              loaded.put(name, tensors.keep(tensors.of(tensor.doubles(), shape)));
            });
    return Map.copyOf(loaded);
  }

  NDArray array(String name) {
    NDArray array = arrays.get().get(name);
    if (array == null) {
      throw new InvalidInputException(
          "the weights of " + weights.architecture().name() + " lack the tensor " + name);
    }
    return array;
  }
}
