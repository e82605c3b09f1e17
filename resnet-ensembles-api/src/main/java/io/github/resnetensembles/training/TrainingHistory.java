package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.internal.io.RecordMapping;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.TableResult;
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
    fields = "recipe trainingSet trainingSha256 epochs provenance")
public record TrainingHistory(
    TrainingRecipe recipe,
    List<EpochRecord> epochs,
    String trainingSet,
    String trainingSha256,
    Provenance provenance)
    implements TableResult {
  static final String COLUMNS =
      "epoch,steps,learningRate,trainingLoss,trainingErrorRate,wrong,total,errorRate,loss";

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
  @Override
  public String toCsv() {
    return csv(epochs);
  }

  static String csv(List<EpochRecord> epochs) {
    return Csv.table(COLUMNS, epochs.stream().map(RecordMapping::values).toList());
  }
}
