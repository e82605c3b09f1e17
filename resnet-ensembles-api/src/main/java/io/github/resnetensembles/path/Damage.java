package io.github.resnetensembles.path;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import io.github.resnetensembles.network.Wiring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What one wiring changes in another. */
final class Damage {
  private final List<Wiring.Step> steps;
  private final ImmutableListMultimap<Integer, Wiring.Step> before;
  private final ImmutableListMultimap<Integer, Wiring.Step> after;
  private final Map<Integer, Integer> placesBefore;
  private final Map<Integer, Integer> placesAfter;

  Damage(Wiring intact, Wiring damaged) {
    steps = intact.steps();
    before = Multimaps.index(steps, Wiring.Step::block);
    after = Multimaps.index(damaged.steps(), Wiring.Step::block);
    placesBefore = places(before);
    placesAfter = places(after);
  }

  /** The place of each block in the order in which blocks are first run. */
  private static Map<Integer, Integer> places(ImmutableListMultimap<Integer, Wiring.Step> steps) {
    Map<Integer, Integer> places = new HashMap<>();
    for (int block : steps.keySet()) {
      places.put(block, places.size());
    }
    return places;
  }

  /**
   * The connections that are as they were.
   *
   * @param choices those of the intact wiring's steps
   */
  List<PathStep> untouched(List<PathStep> choices) {
    Map<Integer, Integer> runs = new HashMap<>();
    List<PathStep> untouched = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      PathStep choice = choices.get(i);
      int block = choice.block();
      Wiring.Step was = steps.get(i);
      List<Wiring.Step> now = counterparts(block, runs.merge(block, 1, Integer::sum) - 1);
      boolean branchKept =
          before.get(block).size() == after.get(block).size()
              && Objects.equals(placesBefore.get(block), placesAfter.get(block))
              && now.stream()
                  .allMatch(
                      step ->
                          step.branchGain() == was.branchGain()
                              && step.source().equals(was.source()));
      boolean skipKept = now.stream().allMatch(step -> step.skipGain() == was.skipGain());
      untouched.add(
          new PathStep(
              block,
              skipKept ? choice.skips() : 0,
              branchKept ? choice.branches() : 0,
              choice.layers()));
    }
    return untouched;
  }

  /**
   * The damaged step of the same run of a block; all its steps if it runs another number of times.
   */
  private List<Wiring.Step> counterparts(int block, int run) {
    List<Wiring.Step> now = after.get(block);
    return now.size() == before.get(block).size() ? now.subList(run, run + 1) : now;
  }
}
