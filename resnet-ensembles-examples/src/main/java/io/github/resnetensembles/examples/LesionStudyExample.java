package io.github.resnetensembles.examples;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;

/**
 * The lesion studies of the paper on the library's own images: deletes each block, deletes random
 * blocks, and swaps random pairs. Without a weight file of your own the network is untrained.
 */
public final class LesionStudyExample {
  private LesionStudyExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    // region readme
    Weights weights = Weights.pretrained("preresnet-20"); // or Weights.of(file)
    try (ResidualModel model = ResidualModel.open(weights)) {
      ImageSet images = ImageSets.builtIn().limit(100); // or ImageSets.cifar10(file)

      LesionReport each = model.lesions().deleteEachBlock().run(images);
      LesionReport many = model.lesions().deleteRandom(1, 4).draws(5).seed(42).run(images);
      LesionReport order = model.lesions().swapRandom(1, 3).draws(5).seed(42).run(images);

      for (LesionRow row : each.rows()) {
        out.println(row.lesion() + ": " + row.wrong() + " of " + row.total() + " wrong");
      }
      out.println(many.toCsv()); // toJson() and writeJson(file) too
      out.println(order.rows().get(0).kendallTau().getAsDouble());
    }
    // endregion
  }
}
