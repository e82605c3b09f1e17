package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the tensors in what a checkpoint's pickle holds. */
final class StateDict {
  private static final String KEY = "state_dict";

  private StateDict() {}

  /** The tensors at top level, or under {@code state_dict} with whatever beside it. */
  static Map<String, StoredTensor> of(@Nullable Object object) {
    if (!(object instanceof Map<?, ?> top)) {
      throw new InvalidWeightsException(
          "the checkpoint holds no state dict; save it with torch.save(model.state_dict(), file)");
    }
    Map<?, ?> dictionary = top.get(KEY) instanceof Map<?, ?> inner ? inner : top;
    if (dictionary.values().stream().noneMatch(StoredTensor.class::isInstance)) {
      throw new InvalidWeightsException(
          "the checkpoint has no tensors at top level or under '"
              + KEY
              + "', only "
              + dictionary.keySet().stream()
                  .limit(5)
                  .map(key -> "'" + Names.shorten(String.valueOf(key)) + "'")
                  .collect(Collectors.joining(", "))
              + (dictionary.size() > 5 ? " and more" : "")
              + "; save the state dict with torch.save(model.state_dict(), file)");
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    dictionary.forEach(
        (key, value) -> {
          if (!(key instanceof String name) || !(value instanceof StoredTensor tensor)) {
            throw new InvalidWeightsException(
                "the state dict's entry '"
                    + Names.shorten(String.valueOf(key))
                    + "' is no tensor; save the state dict alone");
          }
          tensors.put(name, tensor);
        });
    return tensors;
  }
}
