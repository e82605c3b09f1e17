package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingListener;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingResult;
import io.github.resnetensembles.training.TrainingWiring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Native memory over a long training. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class TrainingMemoryTest {
  /** One step of 4 images holds some 3 MB; leaking a single array of 4 kB each step shows. */
  private static final long ALLOWED_BYTES = 4L << 20;

  @Test
  void nativeMemoryIsFlatOver5000Steps() {
    ImageSet images = ImageSets.builtIn(ImageSets.Split.TRAIN).limit(400);
    List<Long> inUse = new ArrayList<>();
    TrainingResult result =
        Training.of(Architecture.resnet(8))
            .recipe(
                TrainingRecipe.quick().toBuilder()
                    .epochs(50)
                    .batchSize(4)
                    .clipNorm(10)
                    .wiring(TrainingWiring.stochasticDepth(0.5))
                    .build())
            .backend(new DjlBackend())
            .options(new ModelOptions("cpu", Precision.FLOAT32, 1))
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(Step step) {
                    if (step.step() > 1000 && step.step() % 20 == 0) {
                      inUse.add(NativeHeap.bytesInUse());
                    }
                  }
                })
            .run(images, ImageSets.builtIn().limit(20));
    assertThat(result.last().steps()).isEqualTo(5000);
    assertThat(inUse).hasSize(200);
    // The compiler of the JVM takes and gives back megabytes at any time: the least is PyTorch's.
    long before = Collections.min(inUse.subList(0, 80));
    long after = Collections.min(inUse.subList(120, 200));
    assertThat(after - before).isLessThan(ALLOWED_BYTES);
  }
}
