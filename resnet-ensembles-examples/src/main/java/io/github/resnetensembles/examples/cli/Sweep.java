package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.lesion.LesionPlan;
import org.jspecify.annotations.Nullable;

/** The plans of many rows that a flag's word stands for. */
enum Sweep {
  DELETE_EACH("--delete each", null),
  DELETE_EACH_SKIP("--delete-skip each", null),
  DELETE_PAIRS("--delete pairs", null),
  DELETE_SUBSETS("--delete subsets", null),
  DELETE_RANDOM("--delete random", "--k"),
  DUPLICATE_RANDOM("--duplicate random", "--k"),
  SWAP_RANDOM("--swap random", "--pairs");

  private final String words;
  private final @Nullable String rangeOption;

  Sweep(String words, @Nullable String rangeOption) {
    this.words = words;
    this.rangeOption = rangeOption;
  }

  /** How it is asked for. */
  String words() {
    return words;
  }

  /** The flag that says how many are drawn; null where nothing is drawn. */
  @Nullable String rangeOption() {
    return rangeOption;
  }

  /** The plan; {@code range} is looked at only where something is drawn. */
  LesionPlan.Builder builder(Range range) {
    return switch (this) {
      case DELETE_EACH -> LesionPlan.deleteEach();
      case DELETE_EACH_SKIP -> LesionPlan.deleteEachSkip();
      case DELETE_PAIRS -> LesionPlan.deletePairs();
      case DELETE_SUBSETS -> LesionPlan.deleteSubsets();
      case DELETE_RANDOM -> LesionPlan.deleteRandom(range.from(), range.to());
      case DUPLICATE_RANDOM -> LesionPlan.duplicateRandom(range.from(), range.to());
      case SWAP_RANDOM -> LesionPlan.swapRandom(range.from(), range.to());
    };
  }
}
