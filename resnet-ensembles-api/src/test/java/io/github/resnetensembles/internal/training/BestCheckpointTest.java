package io.github.resnetensembles.internal.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.EpochRecord;
import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.Training;
import io.github.resnetensembles.TrainingResult;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of epochs with equally few wrong images, the first is the best. */
class BestCheckpointTest {
  @TempDir Path folder;

  @Test
  void theFirstOfEqualsIsKept() {
    ImageSet two = TrainingTest.TEST_IMAGES.limit(2);
    TrainingResult result =
        Training.of(TrainingTest.NETWORK)
            .recipe(TrainingTest.RECIPE.toBuilder().epochs(6).build())
            .backend(new ReferenceBackend())
            .out(folder)
            .checkpoints(1000, 10)
            .run(TrainingTest.IMAGES, two);
    EpochRecord best =
        result.epochs().stream().min(Comparator.comparingInt(EpochRecord::wrong)).orElseThrow();
    List<EpochRecord> equals =
        result.epochs().stream().filter(epoch -> epoch.wrong() == best.wrong()).toList();

    assertThat(equals).as("the test needs a tie").hasSizeGreaterThan(1);
    assertThat(folder.resolve("best.safetensors"))
        .hasSameBinaryContentAs(
            folder.resolve(
                String.format(Locale.ROOT, "checkpoint-%09d.safetensors", equals.get(0).steps())));
  }
}
