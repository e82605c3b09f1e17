package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import io.github.resnetensembles.BackendException;
import io.github.resnetensembles.djl.DjlModels;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.spi.Network;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocks of a DJL model that its user drops: DJL frees a model that nobody knows any more. */
@Timeout(60)
class DroppedModelTest {
  private static final InputSpec INPUT =
      new InputSpec(3, 4, 4, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25));
  private static final float[] PIXELS = new float[3 * 4 * 4];

  private static Network network(boolean keep) throws IOException, MalformedModelException {
    Model stem = model("x + 1.0");
    Model branch = model("torch.neg(x)");
    Model head = model("torch.flatten(x, 1)");
    DjlModels.Builder builder =
        DjlModels.builder("dropped", INPUT)
            .threads(1)
            .stem(stem.getBlock())
            .block(branch.getBlock())
            .head(head.getBlock());
    return (keep ? builder.keep(stem).keep(branch).keep(head) : builder).network();
  }

  private static Model model(String result) throws IOException, MalformedModelException {
    Model model = Model.newInstance("m", "PyTorch");
    String source =
        String.join(
            "\n",
            "class M(Module):",
            "  __parameters__ = []",
            "  __buffers__ = []",
            "  training : bool",
            "  def forward(self: __torch__.M,",
            "    x: Tensor) -> Tensor:",
            "    return " + result,
            "");
    model.load(new ByteArrayInputStream(ScriptText.archive(source)));
    return model;
  }

  @Test
  void whatIsKeptLives() throws Exception {
    try (Network network = network(true)) {
      double[] before = network.logits(PIXELS, 1);
      for (int i = 0; i < 20; i++) {
        collect();
      }
      assertThat(network.logits(PIXELS, 1)).isEqualTo(before);
    }
  }

  @Test
  void whatIsNotKeptSaysWhatHappened() throws Exception {
    try (Network network = network(false)) {
      Throwable failure = null;
      while (failure == null) {
        collect();
        failure = catchThrowable(() -> network.logits(PIXELS, 1));
      }
      assertThat(failure)
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("a block of network dropped is used after its memory was freed (")
          .hasMessageEndingWith("keep it open, and give it to the builder's keep(...)");
    }
  }

  private static void collect() throws InterruptedException {
    System.gc();
    Thread.sleep(20);
  }
}
