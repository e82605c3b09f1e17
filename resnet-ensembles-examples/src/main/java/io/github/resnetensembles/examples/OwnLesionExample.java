package io.github.resnetensembles.examples;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.DelegatingNetwork;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;
import java.util.Optional;

/** Damage of one's own: lesions composed, and arithmetic that no lesion has. */
public final class OwnLesionExample {
  private OwnLesionExample() {}

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
    ImageSet images = ImageSets.builtIn().limit(50);
    // region lesions
    Lesion faded = Lesion.intact();
    for (int block = 1; block <= 9; block++) {
      faded = faded.then(Lesion.scale(block, 1 - 0.05 * block)); // any gain for any branch
    }
    Lesion mixed = Lesion.swap(8, 9).then(Lesion.delete(5)).then(Lesion.scale(2, -1));
    try (ResidualModel model = ResidualModel.open(weights)) {
      LesionReport report = model.lesions().lesions(faded, mixed).run(images);
      report.rows().forEach(row -> out.println(row.lesion() + ": " + row.wrong() + " wrong"));
      out.println(mixed.applyTo(model.architecture())); // the wiring, step by step
    }
    // endregion

    // region arithmetic
    Network network = Backends.load("djl").network(weights, ModelOptions.defaults());
    try (ResidualModel model = ResidualModel.of(new ClippingNetwork(network))) {
      out.println("clipped: " + model.evaluate(images).wrong() + " wrong"); // every study runs
    }
    // endregion
  }

  // region network
  /** Every number that a branch gives is cut to [-1, 1]. */
  record ClippingNetwork(Network delegate) implements DelegatingNetwork {
    @Override
    public Optional<String> change() {
      return Optional.of("branches clipped to 1");
    }

    @Override
    public Activation branch(int block, Activation input) {
      try (Activation exact = delegate.branch(block, input)) {
        double[] values = exact.values();
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.max(-1, Math.min(1, values[i]));
        }
        return delegate.activation(values, exact.images(), exact.shape());
      }
    }
  }
  // endregion
}
