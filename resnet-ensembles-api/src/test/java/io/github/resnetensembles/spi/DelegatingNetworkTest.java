package io.github.resnetensembles.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyDouble;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.weights.Weights;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DelegatingNetworkTest {
  private static final Weights WEIGHTS = Weights.initialised(Architecture.resnet(8), 1);
  private static final ImageSet IMAGES = ImageSets.builtIn().limit(2);

  // region guide
  /** A network that lacks half of what block 3's branch gives. */
  record Halved(Network delegate) implements DelegatingNetwork {
    @Override
    public Optional<String> change() {
      return Optional.of("half of block 3's channels zeroed");
    }

    @Override
    public Activation branch(int block, Activation input) {
      Activation y = delegate.branch(block, input);
      return block == 3 ? withHalfOfItsChannels(y, delegate) : y;
    }
  }

  // endregion

  private static Activation withHalfOfItsChannels(Activation whole, Network engine) {
    try (whole) {
      FeatureShape shape = whole.shape();
      double[] values = whole.values();
      for (int image = 0; image < whole.images(); image++) {
        int start = image * shape.size();
        Arrays.fill(values, start, start + shape.size() / 2, 0);
      }
      return engine.activation(values, whole.images(), shape);
    }
  }

  /** Changes nothing. */
  record Watched(Network delegate) implements DelegatingNetwork {
    @Override
    public Optional<String> change() {
      return Optional.empty();
    }
  }

  @Test
  void aChangeIsNamedWhereResultsComeFrom() {
    LesionReport intact = study(network());
    LesionReport halved = study(new Halved(network()));

    Provenance provenance = halved.provenance();
    assertThat(provenance.runs().get(0).engine())
        .isEqualTo(
            intact.provenance().runs().get(0).engine() + ", half of block 3's channels zeroed");
    assertThat(provenance.weightsSha256())
        .isNotEqualTo(intact.provenance().weightsSha256())
        .isEqualTo(new Halved(network()).info().weightsSha256());
    Fingerprint fingerprint = provenance.fingerprint().orElseThrow();
    assertThat(
            fingerprint.agrees(
                intact.provenance().fingerprint().orElseThrow(), provenance.precision()))
        .isFalse();
    assertThatThrownBy(() -> LesionReport.merge(intact, halved)).isInstanceOf(MergeException.class);
  }

  @Test
  void changesOnChangesAreNamedToo() {
    Network twice = new Halved(new Halved(network()));

    assertThat(twice.info().engine())
        .endsWith("channels zeroed, half of block 3's channels zeroed");
    assertThat(twice.info().weightsSha256())
        .isNotEqualTo(new Halved(network()).info().weightsSha256());
  }

  /** What overrides the branch has changed the steps and the network in one piece with it. */
  @Test
  void stepsAndLogitsUseTheChangedBranch() {
    float[] pixels = new float[3 * 32 * 32];
    Arrays.fill(pixels, 0.5f);
    try (Network intact = network();
        Network halved = new Halved(network());
        Activation y1 = halved.stem(pixels, 1);
        Activation y2 = halved.step(1, 1, 1, y1);
        Activation y3 = halved.step(2, 1, 1, y2);
        Activation changed = halved.step(3, 0, 1, y3);
        Activation unchanged = intact.step(3, 0, 1, y3);
        Activation last = halved.step(3, 1, 1, y3)) {
      int half = changed.values().length / 2;
      assertThat(Arrays.copyOf(changed.values(), half)).containsOnly(0);
      assertThat(Arrays.copyOfRange(changed.values(), half, 2 * half))
          .containsExactly(Arrays.copyOfRange(unchanged.values(), half, 2 * half));
      assertThat(halved.logits(pixels, 1)).containsExactly(halved.head(last), within(1e-12));
      assertThat(intact.logits(pixels, 1)[0]).isNotEqualTo(halved.logits(pixels, 1)[0]);
    }
  }

  @Test
  void aChangedNetworkHasNeitherWeightsNorDerivativesOfItsDelegate() {
    try (Network halved = new Halved(network())) {
      assertThat(halved.weights()).isEmpty();
      assertThat(halved.differentiation()).isEmpty();
    }
  }

  @Test
  void whatChangesNothingIsItsDelegateDerivativesIncluded() {
    Network delegate = mock(Network.class);
    Differentiation derivatives = mock(Differentiation.class);
    Activation x = mock(Activation.class);
    Activation y = mock(Activation.class);
    float[] pixels = {1};
    double[] logits = {2};
    when(delegate.differentiation()).thenReturn(Optional.of(derivatives));
    when(delegate.weights()).thenReturn(Optional.of(WEIGHTS));
    when(delegate.tolerance()).thenReturn(0.01);
    when(delegate.step(2, 0.5, 3, x)).thenReturn(y);
    when(delegate.logits(pixels, 1)).thenReturn(logits);
    Network watched = new Watched(delegate);

    assertThat(watched.differentiation()).containsSame(derivatives);
    assertThat(watched.weights()).containsSame(WEIGHTS);
    assertThat(watched.tolerance()).isEqualTo(0.01);
    assertThat(watched.step(2, 0.5, 3, x)).isSameAs(y);
    assertThat(watched.logits(pixels, 1)).isSameAs(logits);
    watched.close();

    verify(delegate, never()).branch(anyInt(), any());
    verify(delegate, never()).step(anyInt(), anyDouble(), anyDouble(), any(), any());
    verify(delegate).close();
  }

  private static Network network() {
    return Backends.load("reference").network(WEIGHTS, ModelOptions.defaults());
  }

  private static LesionReport study(Network network) {
    try (ResidualModel model = ResidualModel.of(network)) {
      return model.lesions().deleteEachBlock().run(IMAGES);
    }
  }
}
