package io.github.resnetensembles.examples;

import io.github.resnetensembles.gradient.EffectiveLengths;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;

/** The gradient by path length, on the library's own images. */
public final class GradientsExample {
  private GradientsExample() {}

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
      ImageSet images = ImageSets.builtIn(); // or ImageSets.cifar10(file)

      PathGradients exact = model.gradients().exact().run(images.batch(16));
      EffectiveLengths effective = exact.effectiveLengths(0.95);
      out.println(effective.from() + " to " + effective.to()); // the lengths that carry 95 %
      out.println(effective.pathShare()); // how few of all paths these are
      out.println(exact.residual().getAsDouble()); // what the sums lack of the gradient

      PathGradients sampled = model.gradients().sampled(5).seed(42).run(images.batch(16));
      out.println(sampled.decay().orElseThrow().slope()); // of the log norm, for each block
      out.println(model.gradients().path(1, 5, 9).run(images.batch(16)).pathNorm().getAsDouble());
    }
    // endregion
  }
}
