package io.github.resnetensembles.training;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.AtomicFiles;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.nio.file.Path;
import java.util.List;

/**
 * How a finished training went.
 *
 * @param recipe how it was trained
 * @param epochs one record for each epoch
 * @param trainingSet the name of the training images
 * @param trainingSha256 the hash of the training images
 * @param provenance of the evaluation after the last epoch; its run is the whole training's
 */
@MappedBy(TrainingHistoryJson.class)
@JsonForm(
    schema = 1,
    kind = "training",
    value = {"recipe", "trainingSet", "trainingSha256", "epochs", "provenance"})
public record TrainingHistory(
    TrainingRecipe recipe,
    List<EpochRecord> epochs,
    String trainingSet,
    String trainingSha256,
    Provenance provenance)
    implements Result {
  /**
   * Copies the records.
   *
   * @param recipe how it was trained
   * @param epochs one record for each epoch
   * @param trainingSet the name of the training images
   * @param trainingSha256 the hash of the training images
   * @param provenance of the last evaluation
   */
  public TrainingHistory {
    epochs = List.copyOf(epochs);
    Require.present("recipe", recipe);
    Require.present("trainingSet", trainingSet);
    trainingSet = Names.oneLine(trainingSet, Names.MAX_KEPT);
    Require.present("provenance", provenance);
    Require.sha256("trainingSha256", trainingSha256);
    Require.notEmpty("epochs", epochs);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal history
   * @throws InvalidJsonException if the text is of no training, or of an unknown schema
   */
  public static TrainingHistory fromJson(String json) {
    return JsonNode.parse(json, "the training").as(TrainingHistory.class);
  }

  /** {@return the last epoch's record} */
  public EpochRecord last() {
    return epochs.get(epochs.size() - 1);
  }

  /** {@return one line for each epoch, with the JSON's field names as the header} */
  public String toCsv() {
    return EpochTable.csv(epochs);
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
