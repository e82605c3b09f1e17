package io.github.resnetensembles.examples;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.BlockValue;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;

/**
 * What each block contributes, and whether the networks with one block deleted behave like an
 * ensemble. Without a weight file of your own the network is untrained.
 */
public final class ShapleyExample {
  private ShapleyExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    Weights weights = Weights.pretrained("preresnet-20");
    try (ResidualModel model = ResidualModel.open(weights)) {
      ImageSet images = ImageSets.builtIn().limit(40);

      // region readme
      BlockValues values =
          model.lesions().plan(LesionPlan.deleteSubsets()).run(images).blockValues(Payoff.ACCURACY);
      for (BlockValue block : values.blocks()) {
        out.println("block " + block.block() + " is worth " + block.shapley().value());
      }
      EnsembleAnalysis ensemble = model.lesions().deleteEachBlock().runAsEnsemble(images);
      out.println("errors correlate: " + ensemble.errorCorrelation().value());
      out.println("loss less than the members': " + ensemble.ambiguity().getAsDouble());
      // endregion
    }
  }
}
