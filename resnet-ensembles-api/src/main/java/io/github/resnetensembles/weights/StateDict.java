package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the dictionary of tensors in what a checkpoint's pickle holds. */
final class StateDict {
  private static final int MAX_DEPTH = 64;
  private static final int SHOWN = 10;
  private static final String REMEDY =
      "save the state dict with torch.save(model.state_dict(), file)";

  /**
   * A dictionary with tensors.
   *
   * @param path the keys that lead to it, joined by dots; empty for the checkpoint itself
   * @param last of these keys
   * @param whole whether there is nothing but tensors in it
   */
  private record Found(String path, String last, PickleDictionary dictionary, boolean whole) {
    String shown() {
      return path.isEmpty() ? "the checkpoint itself" : "'" + Names.shorten(path) + "'";
    }
  }

  private record Place(String path, String last, PickleDictionary dictionary, int depth) {}

  private final ReadBudget budget;
  private final PickleDictionary top;
  private final List<Found> found = new ArrayList<>();

  private StateDict(PickleDictionary top, ReadBudget budget) {
    this.top = top;
    this.budget = budget;
  }

  /**
   * The tensors under a key, or those of the only dictionary of tensors, at any depth.
   *
   * @param key a path of keys joined by dots, or the last of them; null for the only dictionary
   */
  static Map<String, TensorFile.Entry> of(
      @Nullable Object object, @Nullable String key, ReadBudget budget) {
    if (!(object instanceof PickleDictionary top)) {
      throw new InvalidWeightsException("the checkpoint holds no state dict; " + REMEDY);
    }
    StateDict search = new StateDict(top, budget);
    search.find();
    return entries(key == null ? search.only() : search.named(key));
  }

  /** Breadth first, each dictionary once, whatever refers to it. */
  private void find() {
    Set<PickleDictionary> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Place> open = new ArrayDeque<>();
    open.add(new Place("", "", top, 0));
    seen.add(top);
    while (!open.isEmpty()) {
      Place place = open.remove();
      PickleDictionary dictionary = place.dictionary;
      int size = dictionary.entries().size();
      budget.step(1 + size);
      long tensors =
          dictionary.entries().values().stream().filter(PickledTensor.class::isInstance).count();
      boolean whole = tensors > 0 && tensors == size && !dictionary.hasOtherKeys();
      if (whole || hasLayers(dictionary)) {
        found.add(new Found(place.path, place.last, dictionary, whole));
      }
      if (!whole && !isOptimizer(dictionary) && place.depth < MAX_DEPTH) {
        dictionary
            .entries()
            .forEach(
                (key, value) -> {
                  if (value instanceof PickleDictionary inner && seen.add(inner)) {
                    String path = place.path.isEmpty() ? key : place.path + "." + key;
                    budget.step(path.length());
                    open.add(new Place(path, key, inner, place.depth + 1));
                  }
                });
      }
    }
  }

  /** Whether some tensors look like weights of layers, not like a measure or a counter. */
  private static boolean hasLayers(PickleDictionary dictionary) {
    return dictionary.entries().values().stream()
            .filter(value -> value instanceof PickledTensor tensor && tensor.shape().size() > 1)
            .limit(2)
            .count()
        == 2;
  }

  private static boolean isOptimizer(PickleDictionary dictionary) {
    return dictionary.entries().get("state") instanceof PickleDictionary
        && dictionary.entries().containsKey("param_groups");
  }

  private Found only() {
    if (found.isEmpty()) {
      throw new InvalidWeightsException(
          "the checkpoint has no dictionary of tensors at any depth, only "
              + top.entries().keySet().stream()
                  .limit(5)
                  .map(key -> "'" + Names.shorten(key) + "'")
                  .collect(Collectors.joining(", "))
              + (top.entries().size() > 5 ? " and more" : "")
              + "; "
              + REMEDY);
    }
    if (found.size() > 1) {
      throw new InvalidWeightsException(
          ("the checkpoint has several dictionaries of tensors: %s; choose one by its"
                  + " name (--key NAME, Weights.from(file).key(name))")
              .formatted(list()));
    }
    return found.get(0);
  }

  private Found named(String key) {
    List<Found> named = found.stream().filter(f -> f.path.equals(key)).toList();
    if (named.isEmpty()) {
      named = found.stream().filter(f -> f.last.equals(key)).toList();
    }
    if (named.size() == 1 && !named.get(0).path.isEmpty()) {
      return named.get(0);
    }
    // One that has two names was found under the first, and small ones are no candidates.
    if (top.entries().get(key) instanceof PickleDictionary dictionary
        && dictionary.entries().values().stream().anyMatch(PickledTensor.class::isInstance)) {
      return new Found(key, key, dictionary, false);
    }
    throw new InvalidWeightsException(
        "the checkpoint has %s named '%s'; there are %s%s"
            .formatted(
                named.size() > 1 ? "more than one dictionary" : "no dictionary of tensors",
                Names.shorten(key),
                found.isEmpty() ? "none" : list(),
                found.size() == 1 && found.get(0).path.isEmpty() ? ", which needs no name" : ""));
  }

  private String list() {
    return found.stream().limit(SHOWN).map(Found::shown).collect(Collectors.joining(", "))
        + (found.size() > SHOWN ? " and " + (found.size() - SHOWN) + " more" : "");
  }

  private static Map<String, TensorFile.Entry> entries(Found chosen) {
    if (chosen.dictionary.hasOtherKeys()) {
      throw new InvalidWeightsException(
          "the dictionary " + chosen.shown() + " has keys that are no texts; " + REMEDY);
    }
    Map<String, TensorFile.Entry> entries = new LinkedHashMap<>();
    chosen
        .dictionary
        .entries()
        .forEach(
            (name, value) ->
                entries.put(
                    name, value instanceof PickledTensor tensor ? tensor : StateDict::noTensor));
    return entries;
  }

  private static StoredTensor noTensor(String name) {
    throw new InvalidWeightsException(
        ("the state dict's entry '%s' is no tensor; save the state dict alone, or drop"
                + " the entry with a rename rule that has nothing after its arrow")
            .formatted(Names.shorten(name)));
  }
}
