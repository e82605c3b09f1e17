package io.github.resnetensembles.report;

import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingWiring;

/** How trainings are told apart and described. */
final class Trainings {
  private Trainings() {}

  /** Whether only some paths were trained. */
  static boolean effectivePaths(TrainingHistory training) {
    return training.recipe().wiring() instanceof TrainingWiring.ExactlyKept
        || !training.recipe().lengths().unrestricted();
  }

  /** Whether every block and every path length was trained in every step. */
  static boolean full(TrainingHistory training) {
    return training.recipe().wiring() instanceof TrainingWiring.AllBlocks
        && training.recipe().lengths().unrestricted();
  }

  /** Which paths were trained, such as "5 of 9 blocks in each batch". */
  static String paths(TrainingHistory training) {
    TrainingRecipe recipe = training.recipe();
    int blocks = training.provenance().architecture().size();
    String wiring;
    if (recipe.wiring() instanceof TrainingWiring.ExactlyKept exactly) {
      wiring = exactly.blocks() + " of " + blocks + " blocks in each batch";
    } else if (recipe.wiring() instanceof TrainingWiring.StochasticDepth depth) {
      wiring = "stochastic depth, last block kept with probability " + Say.number(depth.last());
    } else {
      wiring = "all blocks";
    }
    return recipe.lengths().unrestricted()
        ? wiring
        : "%s, gradient of path lengths %s to %s"
            .formatted(wiring, recipe.lengths().from(), recipe.lengths().to());
  }
}
