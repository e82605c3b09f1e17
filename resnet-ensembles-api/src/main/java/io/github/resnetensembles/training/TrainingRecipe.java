package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Optimizer;

/**
 * How a network is trained: descent along the gradient of the mean cross-entropy over mini-batches,
 * by SGD or AdamW as PyTorch defines them. An immutable value; {@link #toBuilder()} changes it.
 *
 * <p>Each epoch takes the images in a new order drawn from (seed, epoch). The last batch of an
 * epoch is as large as what is left, but a single image that is left sits the epoch out, since
 * BatchNorm has no variance for it.
 */
public sealed interface TrainingRecipe permits Recipe {
  /**
   * {@return the recipe of the paper's ResNet-110 (section 4; He et al.): 164 epochs, batches of
   * 128, rate 0.1, 0.01 from epoch 81, 0.001 from epoch 122, Nesterov momentum 0.9, weight decay
   * 1e-4, flips and crops}
   */
  static TrainingRecipe paper() {
    return RecipeBuilder.paper().build();
  }

  /**
   * {@return the recipe of the stochastic-depth network of the paper's figure 8 (Huang et al.
   * 2016): 500 epochs, rate 0.1, a tenth of it from epoch 251 and again from epoch 376, survival
   * probability falling linearly to 0.5, drawn for each batch, branches multiplied at test time;
   * else as {@link #paper()}}
   */
  static TrainingRecipe stochasticDepthPaper() {
    return paper().toBuilder()
        .epochs(500)
        .learningRate(
            LearningRate.piecewise(
                0.1, new LearningRate.Change(251, 0.01), new LearningRate.Change(376, 0.001)))
        .wiring(TrainingWiring.stochasticDepth(0.5))
        .build();
  }

  /**
   * {@return a short training for the library's own images: 6 epochs, batches of 64, one cycle to
   * 0.1, Nesterov momentum 0.9, weight decay 1e-4, images as they are}
   */
  static TrainingRecipe quick() {
    return paper().toBuilder()
        .epochs(6)
        .batchSize(64)
        .learningRate(LearningRate.oneCycle(0.1))
        .augmentation(Augmentation.none())
        .build();
  }

  /**
   * {@return a good CIFAR network in little time: 40 epochs, batches of 256, one cycle to 0.4,
   * weight decay 5e-4; else as {@link #paper()}}
   */
  static TrainingRecipe cifarFast() {
    return paper().toBuilder()
        .epochs(40)
        .batchSize(256)
        .learningRate(LearningRate.oneCycle(0.4))
        .optimizer(Optimizer.nesterov(0.9, 5e-4))
        .build();
  }

  /**
   * {@return a short training of a network with LayerNorm, such as a transformer or ConvNeXt, on
   * the library's own images: 10 epochs, batches of 64, AdamW with the weight decay 0.05, the rate
   * warmed up to 1e-3 in one epoch and lowered along half a cosine, the gradient's norm clipped to
   * 1, images as they are}
   */
  static TrainingRecipe transformer() {
    return quick().toBuilder()
        .epochs(10)
        .learningRate(LearningRate.cosine(1e-3).withWarmUp(1))
        .optimizer(Optimizer.adamW(0.05))
        .clipNorm(1)
        .build();
  }

  /**
   * {@return the usual recipe for a network on the library's own images: {@link #transformer()} for
   * one that has LayerNorm and no BatchNorm, {@link #quick()} for all others}
   *
   * @param architecture the network
   */
  static TrainingRecipe usual(Architecture architecture) {
    return RecipeBuilder.isNormalisedByLayers(architecture) ? transformer() : quick();
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal recipe
   * @throws InvalidJsonException if the text is no recipe; the message says where
   */
  static TrainingRecipe fromJson(String json) {
    return JsonNode.parse(json, "the recipe").as(TrainingRecipe.class);
  }

  /** {@return the passes over the training images, at least 1} */
  int epochs();

  /** {@return the images for each step, from 2 to 65536} */
  int batchSize();

  /** {@return the learning rate of each step} */
  LearningRate learningRate();

  /** {@return the rule by which parameters move, and its weight decay} */
  Optimizer optimizer();

  /** {@return the largest norm of the whole gradient, positive; infinite for no clipping} */
  double clipNorm();

  /** {@return the label smoothing, in [0, 1)} */
  double labelSmoothing();

  /** {@return what happens to training images} */
  Augmentation augmentation();

  /** {@return which blocks each batch is trained through} */
  TrainingWiring wiring();

  /** {@return the path lengths whose gradient trains} */
  TrainedLengths lengths();

  /** {@return what an update does to blocks that a whole batch dropped} */
  DroppedBlocks droppedBlocks();

  /** {@return the share of the batch in the running statistics, in [0, 1], PyTorch's meaning} */
  double batchNormMomentum();

  /** {@return the seed of every draw: initial weights, order, augmentation, wirings} */
  long seed();

  /** {@return this recipe as JSON, one line} */
  default String toJson() {
    return JsonNode.write(TrainingRecipe.class, this);
  }

  /** {@return a builder that starts from this recipe} */
  default Builder toBuilder() {
    return RecipeBuilder.of(this);
  }

  /** What an update does to blocks that the whole batch dropped. */
  enum DroppedBlocks {
    /** Moments and weight decay move their parameters on, as if their gradient were 0. */
    MOVE_ON,
    /** Their parameters and moments stay as they are, as PyTorch treats missing gradients. */
    REST
  }

  /** A recipe in the making. Immutable: every setting returns a changed copy. */
  interface Builder {
    /**
     * Sets the passes over the training images.
     *
     * @param epochs at least 1
     * @return the changed copy
     */
    Builder epochs(int epochs);

    /**
     * Sets the images for each step.
     *
     * @param batchSize from 2 to 65536
     * @return the changed copy
     */
    Builder batchSize(int batchSize);

    /**
     * Sets the learning rate.
     *
     * @param learningRate of each step
     * @return the changed copy
     */
    Builder learningRate(LearningRate learningRate);

    /**
     * Sets the rule by which parameters move.
     *
     * @param optimizer the new one, such as {@code Optimizer.adamW(0.05)}
     * @return the changed copy
     */
    Builder optimizer(Optimizer optimizer);

    /**
     * Sets the largest norm of the whole gradient.
     *
     * @param clipNorm positive; infinite for no clipping
     * @return the changed copy
     */
    Builder clipNorm(double clipNorm);

    /**
     * Sets the label smoothing.
     *
     * @param labelSmoothing in [0, 1)
     * @return the changed copy
     */
    Builder labelSmoothing(double labelSmoothing);

    /**
     * Sets what happens to training images.
     *
     * @param augmentation the new one
     * @return the changed copy
     */
    Builder augmentation(Augmentation augmentation);

    /**
     * Sets which blocks each batch is trained through.
     *
     * @param wiring the new one
     * @return the changed copy
     */
    Builder wiring(TrainingWiring wiring);

    /**
     * Sets the path lengths whose gradient trains.
     *
     * @param lengths the new ones
     * @return the changed copy
     */
    Builder lengths(TrainedLengths lengths);

    /**
     * Sets what an update does to blocks that a whole batch dropped.
     *
     * @param droppedBlocks the new behaviour
     * @return the changed copy
     */
    Builder droppedBlocks(DroppedBlocks droppedBlocks);

    /**
     * Sets the share of the batch in the running statistics.
     *
     * @param batchNormMomentum in [0, 1]
     * @return the changed copy
     */
    Builder batchNormMomentum(double batchNormMomentum);

    /**
     * Sets the seed of every draw.
     *
     * @param seed any
     * @return the changed copy
     */
    Builder seed(long seed);

    /**
     * Checks the ranges.
     *
     * @return the recipe
     * @throws InvalidInputException if a number is out of its range
     */
    TrainingRecipe build();
  }
}
