package io.github.resnetensembles.examples;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Backends;
import io.github.resnetensembles.Evaluation;
import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.ImageSets;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.ResidualModel;
import io.github.resnetensembles.Weights;
import io.github.resnetensembles.spi.Backend;
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
    Weights weights = Weights.initialised(Architecture.resnet(8), 1);
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
