package io.github.resnetensembles.examples;

import io.github.resnetensembles.examples.plots.FigurePlot;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.weights.RenameRules;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint is read, checked, and drawn. */
public final class CheckpointExample {
  private CheckpointExample() {}

  /**
   * Runs the example.
   *
   * @param args the checkpoint; without one, a network of the library takes its place
   * @throws IOException if there is no place for the figures
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("figures");
    Path own = folder.resolve("own.safetensors");
    if (args.length == 0) {
      Weights.pretrained("preresnet-20").save(own);
    }
    Path checkpoint = args.length == 0 ? own : Path.of(args[0]);
    first(System.out, checkpoint, ImageSets.builtIn().limit(200));
    run(System.out, checkpoint, folder);
  }

  static void first(PrintStream out, Path checkpoint, ImageSet images) {
    // region readme
    Weights weights = Weights.from(checkpoint).load(); // the network is inferred
    try (ResidualModel model = ResidualModel.open(weights)) {
      out.println(model.evaluate(images).errorRate()); // is it the one that you know?
      LesionReport each = model.lesions().deleteEachBlock().run(images);
      out.println(each.toCsv());
    }
    // endregion
  }

  static void run(PrintStream out, Path checkpoint, Path folder) {
    // region guide
    Weights weights =
        Weights.from(checkpoint) // safetensors, or a state_dict that torch.save wrote
            .rename(RenameRules.parse(List.of("^backbone\\. -> "))) // its names, made ours
            .zeroPadding(Shortcut.ZERO_PAD_EVEN)
            .normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225))
            .load();
    out.println(weights.architecture().name() + ", SHA-256 of the values " + weights.sha256());

    ImageSet images = ImageSets.builtIn().limit(200); // or ImageSets.cifar10(file)
    try (ResidualModel model = ResidualModel.open(weights)) {
      out.println("error rate " + model.evaluate(images).errorRate()); // is it what you know?

      LesionReport each = model.lesions().deleteEachBlock().run(images);
      for (Figure figure : Report.of(each).figures()) {
        FigurePlot.write(folder.resolve(figure.name() + ".svg"), figure); // or .png
      }
    }
    // endregion
  }
}
