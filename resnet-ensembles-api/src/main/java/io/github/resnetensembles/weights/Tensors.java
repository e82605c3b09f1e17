package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a file, as far as inference looks at them: their shapes.
 *
 * @param byName by the library's own names
 * @param pooled the blocks whose projection stands behind a pool, which has no tensor; of plain
 *     networks those before a pool, 0 being the stem
 */
record Tensors(Map<String, StoredTensor> byName, Set<Integer> pooled) {
  static final String REMEDY =
      "; give the architecture if it has another form, or rename tensors whose names are not"
          + " recognised";

  /** What always helps. */
  static final String PARTS =
      "export it as TorchScript parts (docs/export_parts.py) and open them with --model DIR or"
          + " DjlModels.torchScript";

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** Whether a layer has parameters. */
  boolean hasLayer(String name) {
    return has(name + ".weight");
  }

  /**
   * The shape of a tensor that has to be there.
   *
   * @throws InvalidWeightsException if it is not, or has another number of dimensions
   */
  List<Integer> shape(String name, int dimensions) {
    StoredTensor tensor = byName.get(name);
    if (tensor == null) {
      throw new InvalidWeightsException(
          "there is no " + name + ", so the network cannot be inferred" + REMEDY);
    }
    if (tensor.shape().size() != dimensions || tensor.shape().contains(0)) {
      throw new InvalidWeightsException(
          "%s has the shape %s where %s dimensions are due%s"
              .formatted(name, tensor.shape(), dimensions, REMEDY));
    }
    return tensor.shape();
  }

  /** How many values each output of a matrix or a kernel sees. */
  double inputs(String name) {
    StoredTensor tensor = byName.get(name);
    List<Integer> shape = shape(name, tensor != null && tensor.shape().size() == 4 ? 4 : 2);
    return shape.stream().skip(1).mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
  }

  /** The first dimension of a matrix or a kernel. */
  int outputs(String name) {
    StoredTensor tensor = byName.get(name);
    return tensor != null && tensor.shape().size() == 4
        ? shape(name, 4).get(0)
        : shape(name, 2).get(0);
  }
}
