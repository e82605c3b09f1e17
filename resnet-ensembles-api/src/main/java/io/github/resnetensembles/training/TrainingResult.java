package io.github.resnetensembles.training;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.AtomicFiles;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.List;

/**
 * A finished training.
 *
 * @param weights the trained network: that of the last epoch
 * @param recipe how it was trained
 * @param epochs one record for each epoch
 * @param trainingSet the name of the training images
 * @param trainingSha256 the hash of the training images
 * @param provenance of the evaluation after the last epoch; its run is the whole training's
 */
public record TrainingResult(
    Weights weights,
    TrainingRecipe recipe,
    List<EpochRecord> epochs,
    String trainingSet,
    String trainingSha256,
    Provenance provenance)
    implements Result {
  /**
   * Copies the records.
   *
   * @param weights the trained network
   * @param recipe how it was trained
   * @param epochs one record for each epoch
   * @param trainingSet the name of the training images
   * @param trainingSha256 the hash of the training images
   * @param provenance of the last evaluation
   */
  public TrainingResult {
    epochs = List.copyOf(epochs);
    Require.present("weights", weights);
    Require.present("recipe", recipe);
    Require.present("trainingSet", trainingSet);
    trainingSet = Names.oneLine(trainingSet, Names.MAX_KEPT);
    Require.present("provenance", provenance);
    Require.sha256("trainingSha256", trainingSha256);
    Require.notEmpty("epochs", epochs);
  }

  /** {@return the last epoch's record} */
  public EpochRecord last() {
    return epochs.get(epochs.size() - 1);
  }

  /**
   * {@return this result without the weights as JSON; machine facts stand under provenance only}
   */
  @Override
  public String toJson() {
    return TrainingResultText.json(this);
  }

  /** {@return one line for each epoch, with the JSON's field names as the header} */
  public String toCsv() {
    return TrainingResultText.csv(epochs);
  }

  /**
   * Writes {@link #toJson()} to a file, in one atomic move.
   *
   * @param file the target; an existing file is replaced
   * @throws FileAccessException if it cannot be written
   */
  public void writeJson(Path file) {
    AtomicFiles.write(file, toJson());
  }

  /**
   * Writes {@link #toCsv()} to a file, in one atomic move.
   *
   * @param file the target; an existing file is replaced
   * @throws FileAccessException if it cannot be written
   */
  public void writeCsv(Path file) {
    AtomicFiles.write(file, toCsv());
  }
}
