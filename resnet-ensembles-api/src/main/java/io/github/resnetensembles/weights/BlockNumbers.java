package io.github.resnetensembles.weights;

import com.google.common.base.Splitter;
import io.github.resnetensembles.InvalidWeightsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Numbers from 1 for the blocks of a file, by their places: stage, index, and half where a layer of
 * the original is two blocks here.
 *
 * @param numbers by place
 * @param firstOfStage the numbers of the blocks that begin a stage
 */
record BlockNumbers(SortedMap<List<Integer>, Integer> numbers, List<Integer> firstOfStage) {
  private static final Comparator<List<Integer>> ORDER =
      Comparator.<List<Integer>>comparingInt(place -> place.get(0))
          .thenComparingInt(place -> place.get(1))
          .thenComparingInt(place -> place.size() > 2 ? place.get(2) : 0);

  /**
   * Numbers the blocks through all stages.
   *
   * @param own the own names, in which blocks are written by their places, by the file's names
   * @throws InvalidWeightsException if a stage or a block between others is missing
   */
  static BlockNumbers of(Map<String, String> own) {
    SortedMap<List<Integer>, Integer> numbers = new TreeMap<>(ORDER);
    Map<List<Integer>, String> example = new HashMap<>();
    own.forEach(
        (file, name) -> {
          if (name.startsWith("@")) {
            List<Integer> place = place(name);
            numbers.put(place, 0);
            example.putIfAbsent(place, file);
          }
        });
    List<Integer> firstOfStage = new ArrayList<>();
    List<Integer> stages =
        List.copyOf(new TreeSet<>(numbers.keySet().stream().map(p -> p.get(0)).toList()));
    int number = 1;
    // Some names count from 1, but then in all stages.
    int start =
        stages.stream()
                .allMatch(
                    stage ->
                        numbers.keySet().stream()
                            .filter(place -> place.get(0).equals(stage))
                            .allMatch(place -> place.get(1) > 0))
            ? 1
            : 0;
    for (int i = 0; i < stages.size(); i++) {
      int stage = stages.get(i);
      Collection<List<Integer>> places =
          numbers.keySet().stream().filter(place -> place.get(0) == stage).toList();
      firstOfStage.add(number);
      int due = start;
      for (List<Integer> place : places) {
        if (place.get(1) > due) {
          throw missing("block " + due + " of stage " + stage, example.get(place));
        }
        due = place.get(1) + 1;
        numbers.put(place, number++);
      }
      if (i > 0 && stage - stages.get(i - 1) > step(stages)) {
        throw missing("stage " + (stage - step(stages)), example.get(places.iterator().next()));
      }
    }
    if (!stages.isEmpty() && stages.get(0) > 1) {
      throw missing("the first stage", example.get(numbers.firstKey()));
    }
    return new BlockNumbers(numbers, List.copyOf(firstOfStage));
  }

  /** Of the numbers of the stages: some count what stands between them, too. */
  private static int step(List<Integer> stages) {
    return stages.size() > 1 && stages.get(0) == 0 && stages.get(1) == 2 ? 2 : 1;
  }

  private static InvalidWeightsException missing(String what, @Nullable String present) {
    return new InvalidWeightsException(
        ("the file has tensors such as %s but none of %s: it is incomplete, or the rename rules"
                + " miscount")
            .formatted(present, what));
  }

  private static List<Integer> place(String name) {
    return Splitter.on('.')
        .splitToStream(name.substring(1, name.indexOf(':')))
        .map(Integer::valueOf)
        .toList();
  }

  /** {@return the name with the block's number} */
  String name(String own) {
    return own.startsWith("@")
        ? "blocks.%s.%s".formatted(numbers.get(place(own)), own.substring(own.indexOf(':') + 1))
        : own;
  }
}
