package io.github.resnetensembles.internal.weights;

import java.util.Map;

/**
 * What a weight file holds, whatever its format.
 *
 * @param tensors by the file's own names, in the file's order
 * @param metadata texts beside them; empty where the format has none
 */
record TensorFile(Map<String, StoredTensor> tensors, Map<String, String> metadata) {}
