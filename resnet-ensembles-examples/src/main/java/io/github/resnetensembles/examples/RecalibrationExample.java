package io.github.resnetensembles.examples;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.training.RecalibrationStudy;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;

/**
 * How much of a lesion's damage is BatchNorm's: its statistics are estimated anew in the lesioned
 * network. Without a weight file of your own the network is untrained.
 */
public final class RecalibrationExample {
  private RecalibrationExample() {}

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
    ImageSet train = ImageSets.builtIn(ImageSets.Split.TRAIN).limit(128);
    ImageSet test = ImageSets.builtIn().limit(100);

    // region guide
    RecalibrationStudy study = RecalibrationStudy.of(weights).calibration(train);
    Recalibration each = study.run(test); // deletes each block in turn
    for (int i = 0; i < each.recalibrated().size(); i++) {
      int before = each.report().rows().get(i).wrong();
      int after = each.recalibrated().get(i).wrong();
      out.println(each.recalibrated().get(i).lesion() + ": " + before + " wrong, then " + after);
    }
    Weights repaired = study.weights(Lesion.delete(2)); // save them, or open them
    // endregion
    out.println(repaired.source());
  }
}
