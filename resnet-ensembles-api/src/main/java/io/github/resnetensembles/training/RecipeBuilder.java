package io.github.resnetensembles.training;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.training.TrainingRecipe.DroppedBlocks;
import java.util.List;
import java.util.function.Consumer;

/**
 * The builder behind {@link TrainingRecipe#toBuilder()}. Its fields change only before anybody else
 * sees it.
 */
final class RecipeBuilder implements TrainingRecipe.Builder {
  private int epochs = 164;
  private int batchSize = 128;
  private LearningRate learningRate =
      LearningRate.piecewise(
          0.1, new LearningRate.Change(81, 0.01), new LearningRate.Change(122, 0.001));
  private Optimizer optimizer = Optimizer.nesterov(0.9, 1e-4);
  private double clipNorm = Double.POSITIVE_INFINITY;
  private double labelSmoothing;
  private Augmentation augmentation = Augmentation.flipAndCrop();
  private TrainingWiring wiring = TrainingWiring.allBlocks();
  private TrainedLengths lengths = TrainedLengths.all();
  private DroppedBlocks droppedBlocks = DroppedBlocks.MOVE_ON;
  private double batchNormMomentum = 0.1;
  private long seed;

  private RecipeBuilder() {}

  /** Starts from {@link TrainingRecipe#paper()}. */
  static RecipeBuilder paper() {
    return new RecipeBuilder();
  }

  /** {@return whether a network has LayerNorm and no BatchNorm} */
  static boolean isNormalisedByLayers(Architecture architecture) {
    List<Layer> layers = architecture.layers().map(PlacedLayer::layer).toList();
    return layers.stream().anyMatch(Layer.LayerNorm.class::isInstance)
        && layers.stream().noneMatch(Layer.BatchNorm.class::isInstance);
  }

  static RecipeBuilder of(TrainingRecipe recipe) {
    RecipeBuilder builder = new RecipeBuilder();
    builder.epochs = recipe.epochs();
    builder.batchSize = recipe.batchSize();
    builder.learningRate = recipe.learningRate();
    builder.optimizer = recipe.optimizer();
    builder.clipNorm = recipe.clipNorm();
    builder.labelSmoothing = recipe.labelSmoothing();
    builder.augmentation = recipe.augmentation();
    builder.wiring = recipe.wiring();
    builder.lengths = recipe.lengths();
    builder.droppedBlocks = recipe.droppedBlocks();
    builder.batchNormMomentum = recipe.batchNormMomentum();
    builder.seed = recipe.seed();
    return builder;
  }

  /** A changed copy, if it is a valid recipe. */
  private RecipeBuilder with(Consumer<RecipeBuilder> change) {
    RecipeBuilder copy = of(build());
    change.accept(copy);
    return of(copy.build());
  }

  @Override
  public RecipeBuilder epochs(int epochs) {
    return with(copy -> copy.epochs = epochs);
  }

  @Override
  public RecipeBuilder batchSize(int batchSize) {
    return with(copy -> copy.batchSize = batchSize);
  }

  @Override
  public RecipeBuilder learningRate(LearningRate learningRate) {
    return with(copy -> copy.learningRate = learningRate);
  }

  @Override
  public RecipeBuilder optimizer(Optimizer optimizer) {
    return with(copy -> copy.optimizer = optimizer);
  }

  @Override
  public RecipeBuilder clipNorm(double clipNorm) {
    return with(copy -> copy.clipNorm = clipNorm);
  }

  @Override
  public RecipeBuilder labelSmoothing(double labelSmoothing) {
    return with(copy -> copy.labelSmoothing = labelSmoothing);
  }

  @Override
  public RecipeBuilder augmentation(Augmentation augmentation) {
    return with(copy -> copy.augmentation = augmentation);
  }

  @Override
  public RecipeBuilder wiring(TrainingWiring wiring) {
    return with(copy -> copy.wiring = wiring);
  }

  @Override
  public RecipeBuilder lengths(TrainedLengths lengths) {
    return with(copy -> copy.lengths = lengths);
  }

  @Override
  public RecipeBuilder droppedBlocks(DroppedBlocks droppedBlocks) {
    return with(copy -> copy.droppedBlocks = droppedBlocks);
  }

  @Override
  public RecipeBuilder batchNormMomentum(double batchNormMomentum) {
    return with(copy -> copy.batchNormMomentum = batchNormMomentum);
  }

  @Override
  public RecipeBuilder seed(long seed) {
    return with(copy -> copy.seed = seed);
  }

  @Override
  public Recipe build() {
    return new Recipe(
        epochs,
        batchSize,
        learningRate,
        optimizer,
        clipNorm,
        labelSmoothing,
        augmentation,
        wiring,
        lengths,
        droppedBlocks,
        batchNormMomentum,
        seed);
  }
}
