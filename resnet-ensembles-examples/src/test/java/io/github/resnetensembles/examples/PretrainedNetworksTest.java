package io.github.resnetensembles.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.PretrainedNetwork;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The networks that the library brings along are what the catalogue says. */
class PretrainedNetworksTest {
  /** Processors round differently, which can turn an image around. */
  private static final int TURNED = 2;

  static List<PretrainedNetwork> shallow() {
    return PretrainedNetwork.all().stream().filter(PretrainedNetworksTest::isShallow).toList();
  }

  static List<PretrainedNetwork> deep() {
    return PretrainedNetwork.all().stream().filter(network -> !isShallow(network)).toList();
  }

  private static boolean isShallow(PretrainedNetwork network) {
    return network.name().endsWith("-20");
  }

  @ParameterizedTest
  @MethodSource("shallow")
  void errsAsTheCatalogueSays(PretrainedNetwork network) {
    assertErrsAsTheCatalogueSays(network);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("deep")
  void deepOnesErrAsTheCatalogueSays(PretrainedNetwork network) {
    assertErrsAsTheCatalogueSays(network);
  }

  private static void assertErrsAsTheCatalogueSays(PretrainedNetwork network) {
    try (ResidualModel model = ResidualModel.open(Weights.pretrained(network.name()))) {
      Evaluation evaluation = model.evaluate(ImageSets.builtIn());

      assertThat(evaluation.total()).isEqualTo(network.total());
      assertThat(evaluation.wrong()).isCloseTo(network.wrong(), Offset.offset(TURNED));
      assertThat(evaluation.loss().orElseThrow()).isCloseTo(network.loss(), Offset.offset(1e-3));
    }
  }
}
