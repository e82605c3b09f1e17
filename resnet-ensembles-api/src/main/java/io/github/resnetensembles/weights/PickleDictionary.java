package io.github.resnetensembles.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Python dictionary. Only what stands under texts is kept: keys of one kind have one order, so
 * that looking them up stays cheap whatever their hashes.
 */
final class PickleDictionary {
  private final ReadBudget budget;
  private final Map<String, @Nullable Object> entries = new LinkedHashMap<>();
  private boolean otherKeys;

  PickleDictionary(ReadBudget budget) {
    this.budget = budget;
  }

  void put(@Nullable Object key, @Nullable Object value) {
    if (key instanceof String text) {
      budget.step(1 + text.length());
      entries.put(text, value);
    } else if (key instanceof List<?> || key instanceof PickleDictionary) {
      throw TensorUnpickler.damaged("a dictionary's key is neither text nor number", null);
    } else {
      otherKeys = true;
    }
  }

  void putAll(PickleDictionary other) {
    other.entries.forEach(this::put);
    otherKeys |= other.otherKeys;
  }

  /** {@return what stands under texts, in order} */
  Map<String, @Nullable Object> entries() {
    return Collections.unmodifiableMap(entries);
  }

  /** {@return whether there were keys that are no texts} */
  boolean hasOtherKeys() {
    return otherKeys;
  }
}
