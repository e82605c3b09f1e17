package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.weights.PretrainedNetwork;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that the library brings along, trained again. */
class PretrainedAgainTest {
  @TempDir private Path folder;

  /** The same bits on a processor of the same kind; elsewhere about the same error. */
  @Test
  @Tag("slow")
  void trainedAgainItIsTheSame() {
    PretrainedNetwork network = PretrainedNetwork.of("preresnet-20");

    CommandRun run = CommandRun.words(network.command() + " --quiet --out " + folder);

    assertThat(run.exitCode()).as(run.err()).isZero();
    Weights again = Weights.of(folder.resolve("rounded.safetensors"));
    if (!again.fileSha256().orElseThrow().equals(network.sha256())) {
      try (ResidualModel model = ResidualModel.open(again)) {
        Evaluation evaluation = model.evaluate(ImageSets.builtIn());
        Estimate difference =
            Estimate.errorRate(evaluation.wrong(), evaluation.total(), 0.999)
                .minus(Estimate.errorRate(network.wrong(), network.total(), 0.999));
        assertThat(difference.interval().contains(0)).as(difference.toString()).isTrue();
      }
    }
  }
}
