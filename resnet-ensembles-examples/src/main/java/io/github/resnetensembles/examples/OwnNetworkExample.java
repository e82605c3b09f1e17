package io.github.resnetensembles.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import io.github.resnetensembles.djl.DjlBlock;
import io.github.resnetensembles.djl.DjlModels;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.InputSpec;
import java.io.PrintStream;
import java.util.Collections;

/** A network of your own DJL blocks gets every study: say what its parts are. */
public final class OwnNetworkExample {
  private OwnNetworkExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block stem = initialised(manager, convolution(8), 3);
      Block branch1 = initialised(manager, convolution(8), 8);
      Block branch2 = initialised(manager, convolution(8), 8);
      Block head = initialised(manager, head(), 8);
      InputSpec input =
          new InputSpec(3, 32, 32, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25));
      ImageSet images = ImageSets.builtIn().limit(50);

      // region readme
      try (ResidualModel model =
          DjlModels.builder("my-network", input)
              .stem(stem)
              .block(branch1) // y + f(y)
              .block(DjlBlock.of(branch2).withPost(Activation.reluBlock())) // relu(y + f(y))
              .head(head)
              .open()) {
        LesionReport report = model.lesions().deleteEachBlock().run(images);
        for (LesionRow row : report.rows()) {
          out.println(row.lesion() + ": " + row.wrong() + " of " + row.total() + " wrong");
        }
      }
      // endregion
    }
  }

  private static Block convolution(int channels) {
    return new SequentialBlock()
        .add(
            Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .setFilters(channels)
                .build())
        .add(Activation.reluBlock());
  }

  private static Block head() {
    return new SequentialBlock()
        .add(Pool.globalAvgPool2dBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Block initialised(NDManager manager, Block block, int channels) {
    block.initialize(manager, DataType.FLOAT32, new Shape(1, channels, 32, 32));
    return block;
  }
}
