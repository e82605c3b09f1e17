package io.github.resnetensembles.examples;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintStream;
import java.util.List;

/** A network that no preset describes: stem, blocks and head, one by one. */
public final class ArchitectureExample {
  private ArchitectureExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    // region guide
    Architecture network =
        Architecture.builder("short-and-wide") // input, stem and head are CIFAR's unless set
            .stem(StemSpec.conv3x3(32))
            .blocks(
                List.of(
                    BlockSpec.builder(BlockKind.BASIC, 32).build(),
                    BlockSpec.builder(BlockKind.BOTTLENECK, 32).groups(4).build(),
                    BlockSpec.builder(BlockKind.BASIC, 64)
                        .stride(2)
                        .shortcut(Shortcut.PROJECTION)
                        .build(),
                    BlockSpec.builder(BlockKind.BASIC, 64).innerWidth(16).build()))
            .head(HeadSpec.poolLinear(10))
            .build();
    out.println(network.size() + " blocks, the last gives " + network.block(4).output());

    // Random weights; Training.of(network) trains them, and
    // Weights.from(file).architecture(network)
    // reads what was trained elsewhere.
    Weights weights = Weights.initialised(network, 1);
    ImageSet images = ImageSets.builtIn().limit(50);
    try (ResidualModel model = ResidualModel.open(weights)) {
      LesionReport each = model.lesions().deleteEachBlock().run(images);
      each.rows().forEach(row -> out.println(row.lesion() + ": " + row.wrong() + " wrong"));
    }
    // endregion
  }
}
