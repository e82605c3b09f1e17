package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.training.Augmentation;
import io.github.resnetensembles.training.LearningRate;
import io.github.resnetensembles.training.TrainedLengths;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingWiring;
import io.github.resnetensembles.training.TrainingWiring.DrawFor;
import io.github.resnetensembles.training.TrainingWiring.KeptScaling;
import io.github.resnetensembles.training.TrainingWiring.SurvivalCurve;
import io.github.resnetensembles.training.TrainingWiring.SurvivalScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to train: a preset, and what differs from it. */
final class RecipeOptions {
  /** The presets. */
  enum Preset {
    PAPER,
    STOCHASTIC_DEPTH_PAPER,
    QUICK,
    CIFAR_FAST,
    TRANSFORMER;

    private TrainingRecipe recipe() {
      return switch (this) {
        case PAPER -> TrainingRecipe.paper();
        case STOCHASTIC_DEPTH_PAPER -> TrainingRecipe.stochasticDepthPaper();
        case QUICK -> TrainingRecipe.quick();
        case CIFAR_FAST -> TrainingRecipe.cifarFast();
        case TRANSFORMER -> TrainingRecipe.transformer();
      };
    }

    /** As picocli shows and reads it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The rules by which parameters move. */
  enum Rule {
    SGD,
    ADAMW;

    private Optimizer optimizer() {
      return this == SGD
          ? TrainingRecipe.quick().optimizer()
          : TrainingRecipe.transformer().optimizer();
    }

    private static Rule of(Optimizer optimizer) {
      return optimizer instanceof Optimizer.Sgd ? SGD : ADAMW;
    }

    /** As picocli shows and reads it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--recipe",
      paramLabel = "paper|stochastic-depth-paper|quick|cifar-fast|transformer",
      description =
          "What the other flags change (default: transformer for networks with LayerNorm and no"
              + " BatchNorm, quick for all others).")
  @Nullable Preset preset;

  @Option(
      names = "--optimizer",
      paramLabel = "sgd|adamw",
      description =
          "SGD with Nesterov momentum 0.9 and weight decay 1e-4, or AdamW with weight decay 0.05,"
              + " in place of the recipe's; where that changes it, with --learning-rate.")
  @Nullable Rule rule;

  @Option(names = "--momentum", paramLabel = "M", description = "SGD's momentum.")
  @Nullable Double momentum;

  @Option(names = "--beta1", paramLabel = "B", description = "AdamW's share of the first moment.")
  @Nullable Double beta1;

  @Option(names = "--beta2", paramLabel = "B", description = "AdamW's share of the second moment.")
  @Nullable Double beta2;

  @Option(
      names = "--epochs",
      paramLabel = "E",
      description = "Passes over the training images; a piecewise learning rate keeps its shares.")
  @Nullable Integer epochs;

  @Option(names = "--batch", paramLabel = "N", description = "Images for each step.")
  @Nullable Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      description = "One cycle to R, in place of the recipe's learning rate.")
  @Nullable Double learningRate;

  @Option(names = "--warm-up", paramLabel = "E", description = "Epochs of linear warm-up.")
  @Nullable Double warmUp;

  @Option(names = "--weight-decay", paramLabel = "W", description = "Weight decay.")
  @Nullable Double weightDecay;

  @Option(names = "--clip-norm", paramLabel = "C", description = "Largest norm of the gradient.")
  @Nullable Double clipNorm;

  @Option(names = "--label-smoothing", paramLabel = "S", description = "Label smoothing.")
  @Nullable Double labelSmoothing;

  @Option(
      names = "--augment",
      paramLabel = "none|flip-crop",
      description = "Whether images are mirrored and cropped.")
  @Nullable String augment;

  @Option(
      names = "--stochastic-depth",
      paramLabel = "P",
      description = "Stochastic depth with the survival probability P of the last block.")
  @Nullable Double stochasticDepth;

  @Option(names = "--uniform", description = "The same survival probability for all blocks.")
  boolean uniform;

  @Option(names = "--per-image", description = "Stochastic depth draws for each image.")
  boolean perImage;

  @Option(
      names = "--scale-in-training",
      description =
          "Stochastic depth divides by the survival probability in training, in place of"
              + " multiplying at test time.")
  boolean scaleInTraining;

  @Option(
      names = "--keep-blocks",
      paramLabel = "M",
      description = "Exactly M blocks in each batch.")
  @Nullable Integer keepBlocks;

  @Option(
      names = "--exclude",
      paramLabel = "none|transitions|published|LIST",
      defaultValue = "none",
      description = "Blocks that --keep-blocks always keeps; they count (default: none).")
  String exclude = "none";

  @Option(
      names = "--scale-kept",
      description = "With --keep-blocks: test-time gains are the probabilities to be kept.")
  boolean scaleKept;

  @Option(
      names = "--rest-dropped",
      description = "Momentum and weight decay do not move dropped blocks.")
  boolean restDropped;

  @Option(
      names = "--lengths",
      paramLabel = "a..b",
      converter = Range.Converter.class,
      description = "Trains with the gradient of paths of these lengths only.")
  @Nullable Range lengths;

  /** The recipe for a network. */
  TrainingRecipe recipe(long seed, Architecture architecture) {
    TrainingRecipe start = preset == null ? TrainingRecipe.usual(architecture) : preset.recipe();
    TrainingRecipe.Builder builder =
        start.toBuilder().seed(seed).optimizer(optimizer(start.optimizer()));
    if (epochs != null) {
      builder = builder.epochs(epochs).learningRate(stretched(start, epochs));
    }
    if (learningRate != null) {
      builder = builder.learningRate(LearningRate.oneCycle(learningRate));
    }
    if (warmUp != null) {
      builder = builder.learningRate(builder.build().learningRate().withWarmUp(warmUp));
    }
    if (batch != null) {
      builder = builder.batchSize(batch);
    }
    if (clipNorm != null) {
      builder = builder.clipNorm(clipNorm);
    }
    if (labelSmoothing != null) {
      builder = builder.labelSmoothing(labelSmoothing);
    }
    if (augment != null) {
      builder = builder.augmentation(augmentation(augment));
    }
    if (restDropped) {
      builder = builder.droppedBlocks(TrainingRecipe.DroppedBlocks.REST);
    }
    if (lengths != null) {
      builder = builder.lengths(new TrainedLengths(lengths.from(), lengths.to()));
    }
    return builder.wiring(wiring(start.wiring())).build();
  }

  private Optimizer optimizer(Optimizer ofRecipe) {
    Rule recipes = Rule.of(ofRecipe);
    Rule chosen = rule == null ? recipes : rule;
    if (chosen != recipes && learningRate == null) {
      throw new InvalidInputException(
          ("--optimizer %s needs --learning-rate R: the recipe's learning rate is for %s, of which"
                  + " the other makes too much or too little%s")
              .formatted(
                  chosen, recipes, chosen == Rule.ADAMW ? "; or give --recipe transformer" : ""));
    }
    Optimizer optimizer = chosen == recipes ? ofRecipe : chosen.optimizer();
    if (optimizer instanceof Optimizer.Sgd sgd) {
      if (beta1 != null || beta2 != null) {
        throw new InvalidInputException(
            "--beta1 and --beta2 are AdamW's, but the optimizer is sgd: give --momentum M, or"
                + " --optimizer adamw");
      }
      optimizer =
          new Optimizer.Sgd(
              momentum == null ? sgd.momentum() : momentum, sgd.nesterov(), sgd.weightDecay());
    } else if (optimizer instanceof Optimizer.AdamW adamW) {
      if (momentum != null) {
        throw new InvalidInputException(
            "--momentum is SGD's, but the optimizer is adamw: give --beta1 B, or --optimizer sgd");
      }
      optimizer =
          new Optimizer.AdamW(
              beta1 == null ? adamW.beta1() : beta1,
              beta2 == null ? adamW.beta2() : beta2,
              adamW.epsilon(),
              adamW.weightDecay());
    }
    return weightDecay == null ? optimizer : optimizer.withWeightDecay(weightDecay);
  }

  /** The same shares of the epochs, so that the paper's recipe can be run shorter. */
  private static LearningRate stretched(TrainingRecipe recipe, int epochs) {
    if (!(recipe.learningRate() instanceof LearningRate.Piecewise piecewise)) {
      return recipe.learningRate();
    }
    double factor = (double) epochs / recipe.epochs();
    List<LearningRate.Change> changes = new ArrayList<>();
    int last = 1;
    for (LearningRate.Change change : piecewise.changes()) {
      int epoch = 1 + (int) Math.round((change.epoch() - 1) * factor);
      if (epoch > last) {
        changes.add(new LearningRate.Change(epoch, change.rate()));
        last = epoch;
      }
    }
    return new LearningRate.Piecewise(piecewise.first(), changes);
  }

  private static Augmentation augmentation(String text) {
    return switch (text) {
      case "none" -> Augmentation.none();
      case "flip-crop" -> Augmentation.flipAndCrop();
      default ->
          throw new InvalidInputException(
              "--augment must be none or flip-crop, got '" + text + "'");
    };
  }

  private TrainingWiring wiring(TrainingWiring preset) {
    if (stochasticDepth != null && keepBlocks != null) {
      throw new InvalidInputException(
          "--stochastic-depth and --keep-blocks exclude each other; give one");
    }
    if (stochasticDepth == null && (uniform || perImage || scaleInTraining)) {
      throw new InvalidInputException(
          "--uniform, --per-image and --scale-in-training need --stochastic-depth P");
    }
    if (keepBlocks == null && (scaleKept || !exclude.equals("none"))) {
      throw new InvalidInputException("--scale-kept and --exclude need --keep-blocks M");
    }
    if (restDropped
        && stochasticDepth == null
        && keepBlocks == null
        && preset instanceof TrainingWiring.AllBlocks) {
      throw new InvalidInputException(
          "--rest-dropped needs --stochastic-depth P or --keep-blocks M: no block is dropped");
    }
    if (stochasticDepth != null) {
      return TrainingWiring.stochasticDepth(stochasticDepth)
          .withCurve(uniform ? SurvivalCurve.UNIFORM : SurvivalCurve.LINEAR_DECAY)
          .withDrawFor(perImage ? DrawFor.IMAGE : DrawFor.BATCH)
          .withScaling(
              scaleInTraining ? SurvivalScaling.IN_TRAINING : SurvivalScaling.AT_TEST_TIME);
    }
    if (keepBlocks != null) {
      return TrainingWiring.exactly(keepBlocks)
          .withAlways(Exclusion.parse(exclude))
          .withScaling(scaleKept ? KeptScaling.KEPT_SHARE : KeptScaling.NONE);
    }
    return preset;
  }
}
