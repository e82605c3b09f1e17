package io.github.resnetensembles.examples;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;
import java.util.List;

/**
 * A backend of your own: how does a network do whose residual branches give 8 bits? Every study
 * then runs on it, the command line too once {@code
 * META-INF/services/io.github.resnetensembles.spi.Backend} names the class: {@code lesion --backend
 * quantised}.
 */
public final class OwnBackendExample {
  private OwnBackendExample() {}

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
    ImageSet images = ImageSets.builtIn().limit(20);
    // region guide
    for (Backend backend : List.of(Backends.load("reference"), new QuantisingBackend())) {
      try (ResidualModel model = ResidualModel.open(backend, weights, ModelOptions.defaults())) {
        Evaluation evaluation = model.evaluate(images);
        out.println(
            backend.name() + ": " + evaluation.wrong() + " of " + evaluation.total() + " wrong");
        out.println("loss " + evaluation.loss().getAsDouble());
      }
    }
    // endregion
  }
}
