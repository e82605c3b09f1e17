package io.github.resnetensembles.images;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.weights.Weights;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Evaluates a folder after its first tenth, and prints the bytes of heap in use: before, on the way
 * and after.
 */
final class ManyImagesProgram {
  private static final Architecture NETWORK =
      Architecture.builder("tiny")
          .input(new InputSpec(3, 32, 32, 0, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)))
          .stem(StemSpec.conv3x3(1))
          .blocks(List.of(BlockSpec.of(BlockKind.BASIC, 1, 1, Shortcut.IDENTITY)))
          .classes(10)
          .build();

  private ManyImagesProgram() {}

  /**
   * Runs the program.
   *
   * @param args the folder
   */
  public static void main(String[] args) {
    ImageSet images =
        ImageSets.folder(
            Path.of(args[0]), FolderOptions.builder().resize(OptionalInt.of(32)).crop(32).build());
    int tenth = images.size() / 10;
    try (ResidualModel model =
        ResidualModel.open(Backends.load("reference"), Weights.initialised(NETWORK, 1))) {
      // Classes are loaded and caches filled.
      Evaluation first = model.evaluate(images.limit(tenth));
      print(used());
      int[] next = {tenth};
      Evaluation all =
          model.evaluate(
              images,
              RunOptions.defaults()
                  .withListener(
                      progress -> {
                        synchronized (next) {
                          if (progress.images() >= next[0]) {
                            next[0] += tenth;
                            print(used());
                          }
                        }
                      }));
      print(used());
      if (first.total() != tenth || all.total() != images.size()) {
        throw new IllegalStateException("evaluated " + first.total() + " and " + all.total());
      }
    }
  }

  private static void print(long bytes) {
    System.out.println(bytes);
  }

  /** What a collection left, without what other threads have allocated since. */
  private static long used() {
    ManagementFactory.getMemoryMXBean().gc();
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getCollectionUsage().getUsed())
        .sum();
  }
}
