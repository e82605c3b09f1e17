package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that a pickle gives to rebuild a tensor; they are checked when it is used.
 *
 * @param storage where its values are
 * @param offset of its first value
 * @param shape a tuple
 * @param strides a tuple
 * @param negated whether the tensor's values are those of the storage with the other sign
 * @param oddity what the tensor is beside; empty for a plain one
 */
record PickledTensor(
    StoredTensor.Storage storage,
    Object offset,
    List<@Nullable Object> shape,
    List<@Nullable Object> strides,
    boolean negated,
    String oddity)
    implements TensorFile.Entry {
  @Override
  public StoredTensor tensor(String name) {
    String what = "tensor '" + Names.shorten(name) + "'";
    if (!oddity.isEmpty()) {
      throw new InvalidWeightsException(
          what + " " + oddity + "; save a plain copy of it: torch.clone(tensor).contiguous()");
    }
    StoredTensor.checkDimensions(what, shape.size());
    if (!(offset instanceof Integer || offset instanceof Long)) {
      throw new InvalidWeightsException(
          ("%s begins at %s in its storage, which is no position; the file is damaged,"
                  + " get it again")
              .formatted(what, offset));
    }
    StoredTensor plain =
        StoredTensor.strided(
            what, storage, ((Number) offset).longValue(), integers(shape), integers(strides));
    return negated ? plain.negated() : plain;
  }

  private static List<Long> integers(List<@Nullable Object> numbers) {
    return numbers.stream().map(PickleGlobals::integer).toList();
  }
}
