package io.github.resnetensembles.internal.wiring;

import io.github.resnetensembles.network.BranchSource;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The branch outputs that wirings do not take from the step's own input.
 *
 * @param blocksBySource the blocks whose output is wanted of each source
 */
public record ForeignBranches(Map<BranchSource, SortedSet<Integer>> blocksBySource) {
  public static ForeignBranches of(Collection<Wiring> wirings) {
    Map<BranchSource, SortedSet<Integer>> blocks = new LinkedHashMap<>();
    for (Wiring wiring : wirings) {
      for (Step step : wiring.steps()) {
        if (step.replacesBranch() && !step.computesBranch()) {
          blocks.computeIfAbsent(step.source(), source -> new TreeSet<>()).add(step.block());
        }
      }
    }
    return new ForeignBranches(blocks);
  }

  /** Branches that the means cost in all. */
  long meanEvaluations() {
    long evaluations = 0;
    for (Map.Entry<BranchSource, SortedSet<Integer>> entry : blocksBySource.entrySet()) {
      if (entry.getKey() instanceof BranchSource.Mean mean) {
        evaluations += (long) entry.getValue().last() * mean.reference().count();
      }
    }
    return evaluations;
  }

  /** Branches that the donors cost for each evaluated image. */
  long donorEvaluations() {
    long evaluations = 0;
    for (Map.Entry<BranchSource, SortedSet<Integer>> entry : blocksBySource.entrySet()) {
      if (entry.getKey() instanceof BranchSource.Resample) {
        evaluations += entry.getValue().last();
      }
    }
    return evaluations;
  }
}
