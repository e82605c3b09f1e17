package io.github.resnetensembles.weights;

import java.util.Map;

/**
 * What a weight file holds, whatever its format.
 *
 * @param tensors by the file's own names, in the file's order
 * @param metadata texts beside them; empty where the format has none
 */
record TensorFile(Map<String, Entry> tensors, Map<String, String> metadata) {
  /** What stands under a name. Only what is used must be a plain tensor. */
  interface Entry {
    /**
     * {@return the tensor, every index of which lies inside its storage}
     *
     * @param name of the tensor, for errors
     * @throws io.github.resnetensembles.InvalidWeightsException if it is no plain tensor
     */
    StoredTensor tensor(String name);
  }
}
