package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.internal.reference.ReferenceBackend;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class TrainingMemoryTest {
  @Test
  void heapIsFlatOver5000Steps() {
    List<Long> used = new ArrayList<>();
    TrainingResult result =
        Training.of(TrainingTest.NETWORK)
            .recipe(
                TrainingTest.RECIPE.toBuilder()
                    .epochs(200)
                    .batchSize(2)
                    .wiring(TrainingWiring.exactly(2))
                    .augmentation(Augmentation.flipAndCrop())
                    .build())
            .backend(new ReferenceBackend())
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(Step step) {
                    if (step.step() % 1000 == 0) {
                      used.add(usedHeap());
                    }
                  }
                })
            .run(TrainingTest.IMAGES, TrainingTest.TEST_IMAGES);
    assertThat(result.last().steps()).isEqualTo(5000);
    assertThat(used).hasSize(5);
    assertThat(used.get(4) - used.get(0)).isLessThan(2L << 20);
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
