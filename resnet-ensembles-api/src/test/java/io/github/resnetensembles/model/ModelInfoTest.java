package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelInfoTest {
  private static final Architecture NETWORK = Architecture.of("resnet-8");
  private static final ImageSet IMAGES = ImageSets.builtIn().limit(2);

  @Test
  void saysWhatComputes() {
    ResidualModel model =
        ResidualModel.open(
            new ReferenceBackend(), Weights.initialised(NETWORK, 1), ModelOptions.defaults());
    assertThat(model.info().backend()).isEqualTo("reference");
    assertThat(model.info().device()).isEqualTo("cpu");
    assertThat(model.info().trained()).isFalse();
    model.close();
    assertThatThrownBy(model::info).isInstanceOf(IllegalStateException.class);
  }

  /** As results say it, but for what the run itself was. */
  @Test
  void provenanceIsThatOfResults() {
    RunOptions options = RunOptions.defaults().withBatchSize(2);
    try (ResidualModel model =
        ResidualModel.open(new ReferenceBackend(), Weights.initialised(NETWORK, 1))) {
      Provenance told = model.provenance(IMAGES, options);
      Provenance measured = model.evaluate(IMAGES, options).provenance();
      assertThat(told.toBuilder().runs(List.of()).build())
          .isEqualTo(measured.toBuilder().runs(List.of()).build());
      assertThat(told.runs()).hasSize(1);
      assertThat(told.runs().get(0).seconds()).isZero();
      assertThat(told.runs().get(0).blockEvaluations()).isZero();
      assertThat(told.runs().get(0).device()).isEqualTo(measured.runs().get(0).device());
    }
  }
}
