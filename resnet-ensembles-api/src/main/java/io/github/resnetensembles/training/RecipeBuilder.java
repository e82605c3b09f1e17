package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.training.TrainingRecipe.DroppedBlocks;

/**
 * The builder behind {@link TrainingRecipe#toBuilder()}: a recipe itself, so always a valid one.
 */
final class RecipeBuilder implements TrainingRecipe.Builder {
  private final TrainingRecipe recipe;

  private RecipeBuilder(TrainingRecipe recipe) {
    this.recipe = recipe;
  }

  static RecipeBuilder of(TrainingRecipe recipe) {
    return new RecipeBuilder(recipe);
  }

  static RecipeBuilder paper() {
    return of(
        new TrainingRecipe(
            164,
            128,
            LearningRate.piecewise(
                0.1, new LearningRate.Change(81, 0.01), new LearningRate.Change(122, 0.001)),
            0.9,
            true,
            1e-4,
            Double.POSITIVE_INFINITY,
            0,
            Augmentation.flipAndCrop(),
            TrainingWiring.allBlocks(),
            TrainedLengths.all(),
            DroppedBlocks.MOVE_ON,
            0.1,
            0));
  }

  /** Refuses a value out of its range. */
  static void require(boolean inRange, String what, String range, Number value) {
    if (!inRange) {
      throw new InvalidInputException(what + " must be " + range + ", got " + value);
    }
  }

  private static RecipeBuilder optimiser(
      TrainingRecipe r, LearningRate rate, double momentum, boolean nesterov, double decay) {
    return of(
        new TrainingRecipe(
            r.epochs(),
            r.batchSize(),
            rate,
            momentum,
            nesterov,
            decay,
            r.clipNorm(),
            r.labelSmoothing(),
            r.augmentation(),
            r.wiring(),
            r.lengths(),
            r.droppedBlocks(),
            r.batchNormMomentum(),
            r.seed()));
  }

  private static RecipeBuilder gradient(
      TrainingRecipe r,
      double clipNorm,
      TrainingWiring wiring,
      TrainedLengths lengths,
      DroppedBlocks droppedBlocks) {
    return of(
        new TrainingRecipe(
            r.epochs(),
            r.batchSize(),
            r.learningRate(),
            r.momentum(),
            r.nesterov(),
            r.weightDecay(),
            clipNorm,
            r.labelSmoothing(),
            r.augmentation(),
            wiring,
            lengths,
            droppedBlocks,
            r.batchNormMomentum(),
            r.seed()));
  }

  private static RecipeBuilder images(
      TrainingRecipe r,
      int epochs,
      int batchSize,
      double labelSmoothing,
      Augmentation augmentation,
      double batchNormMomentum,
      long seed) {
    return of(
        new TrainingRecipe(
            epochs,
            batchSize,
            r.learningRate(),
            r.momentum(),
            r.nesterov(),
            r.weightDecay(),
            r.clipNorm(),
            labelSmoothing,
            augmentation,
            r.wiring(),
            r.lengths(),
            r.droppedBlocks(),
            batchNormMomentum,
            seed));
  }

  @Override
  public RecipeBuilder epochs(int epochs) {
    return images(
        recipe,
        epochs,
        recipe.batchSize(),
        recipe.labelSmoothing(),
        recipe.augmentation(),
        recipe.batchNormMomentum(),
        recipe.seed());
  }

  @Override
  public RecipeBuilder batchSize(int batchSize) {
    return images(
        recipe,
        recipe.epochs(),
        batchSize,
        recipe.labelSmoothing(),
        recipe.augmentation(),
        recipe.batchNormMomentum(),
        recipe.seed());
  }

  @Override
  public RecipeBuilder labelSmoothing(double labelSmoothing) {
    return images(
        recipe,
        recipe.epochs(),
        recipe.batchSize(),
        labelSmoothing,
        recipe.augmentation(),
        recipe.batchNormMomentum(),
        recipe.seed());
  }

  @Override
  public RecipeBuilder augmentation(Augmentation augmentation) {
    return images(
        recipe,
        recipe.epochs(),
        recipe.batchSize(),
        recipe.labelSmoothing(),
        augmentation,
        recipe.batchNormMomentum(),
        recipe.seed());
  }

  @Override
  public RecipeBuilder batchNormMomentum(double batchNormMomentum) {
    return images(
        recipe,
        recipe.epochs(),
        recipe.batchSize(),
        recipe.labelSmoothing(),
        recipe.augmentation(),
        batchNormMomentum,
        recipe.seed());
  }

  @Override
  public RecipeBuilder seed(long seed) {
    return images(
        recipe,
        recipe.epochs(),
        recipe.batchSize(),
        recipe.labelSmoothing(),
        recipe.augmentation(),
        recipe.batchNormMomentum(),
        seed);
  }

  @Override
  public RecipeBuilder learningRate(LearningRate learningRate) {
    return optimiser(
        recipe, learningRate, recipe.momentum(), recipe.nesterov(), recipe.weightDecay());
  }

  @Override
  public RecipeBuilder momentum(double momentum) {
    return optimiser(recipe, recipe.learningRate(), momentum, false, recipe.weightDecay());
  }

  @Override
  public RecipeBuilder nesterov(double momentum) {
    return optimiser(recipe, recipe.learningRate(), momentum, true, recipe.weightDecay());
  }

  @Override
  public RecipeBuilder weightDecay(double weightDecay) {
    return optimiser(
        recipe, recipe.learningRate(), recipe.momentum(), recipe.nesterov(), weightDecay);
  }

  @Override
  public RecipeBuilder clipNorm(double clipNorm) {
    return gradient(recipe, clipNorm, recipe.wiring(), recipe.lengths(), recipe.droppedBlocks());
  }

  @Override
  public RecipeBuilder wiring(TrainingWiring wiring) {
    return gradient(recipe, recipe.clipNorm(), wiring, recipe.lengths(), recipe.droppedBlocks());
  }

  @Override
  public RecipeBuilder lengths(TrainedLengths lengths) {
    return gradient(recipe, recipe.clipNorm(), recipe.wiring(), lengths, recipe.droppedBlocks());
  }

  @Override
  public RecipeBuilder droppedBlocks(DroppedBlocks droppedBlocks) {
    return gradient(recipe, recipe.clipNorm(), recipe.wiring(), recipe.lengths(), droppedBlocks);
  }

  @Override
  public TrainingRecipe build() {
    return recipe;
  }
}
