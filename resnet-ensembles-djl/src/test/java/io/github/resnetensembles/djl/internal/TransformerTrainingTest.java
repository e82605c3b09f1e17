package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ImageSets.Split;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.training.LearningRate;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingListener;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small vision transformer, trained with AdamW on the built-in images. */
@Tag("slow")
class TransformerTrainingTest {
  private static final int WIDTH = 48;

  @TempDir Path folder;

  /** Eight by eight patches, three layers of attention and MLP, three heads. */
  private static Architecture transformer() {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int layer = 0; layer < 3; layer++) {
      blocks.add(block(new Layer.SelfAttention("attention", 3, true)));
      blocks.add(
          block(
              new Layer.Convolution("fc1", 2 * WIDTH, 1, 1, 0, 1, 1, true),
              new Layer.ActivationFunction(Layer.Function.GELU),
              new Layer.Convolution("fc2", WIDTH, 1, 1, 0, 1, 1, true)));
    }
    return Architecture.builder("small-transformer")
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("patches", WIDTH, 4, 4, 0, 1, 1, true),
                    new Layer.Tokens(),
                    new Layer.ClassToken("class"),
                    new Layer.PositionEmbedding("position"))))
        .blocks(blocks)
        .head(
            new HeadSpec(
                List.of(
                    new Layer.LayerNorm("norm", 1e-6),
                    new Layer.TokenSelection(0, 1),
                    new Layer.Flatten(),
                    new Layer.Linear("linear", 10)),
                10))
        .build();
  }

  private static BlockSpec block(Layer... layers) {
    List<Layer> branch = new ArrayList<>(List.of(new Layer.LayerNorm("norm", 1e-6)));
    branch.addAll(List.of(layers));
    return new BlockSpec.Layered(List.of(), branch, List.of(), List.of(), false, 1);
  }

  @Test
  void learnsAndResumes() {
    ImageSet images = ImageSets.builtIn(Split.TRAIN).limit(2000);
    ImageSet test = ImageSets.builtIn(Split.TEST).limit(500);
    TrainingRecipe recipe =
        TrainingRecipe.transformer().toBuilder()
            .epochs(8)
            .learningRate(LearningRate.cosine(2e-3).withWarmUp(1))
            .build();
    // Several threads wait for each other on a network as small as this.
    Training training =
        Training.of(transformer())
            .recipe(recipe)
            .backend(new DjlBackend())
            .options(ModelOptions.defaults().withThreads(1));
    TrainingResult whole = training.run(images, test);
    // Chance is 0.9, with a standard error of 0.013.
    assertThat(whole.last().errorRate()).isLessThan(0.82);

    int stop = 150;
    Training stopped =
        training
            .out(folder)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(Step step) {
                    if (step.step() == stop) {
                      Thread.currentThread().interrupt();
                    }
                  }
                });
    assertThatThrownBy(() -> stopped.run(images, test))
        .isInstanceOf(RunInterruptedException.class)
        .hasMessageContaining("after step " + stop);
    assertThat(Thread.interrupted()).isTrue();
    TrainingResult resumed = training.out(folder).resume().run(images, test);
    assertThat(resumed.weights().sha256()).isEqualTo(whole.weights().sha256());
    assertThat(resumed.epochs()).isEqualTo(whole.epochs());
  }
}
