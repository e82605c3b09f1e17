package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.weights.Weights;
import java.util.List;

/**
 * A finished training.
 *
 * @param weights the trained network: that of the last epoch
 * @param history how it was trained, and how it did after each epoch: what can be written as JSON,
 *     read again and put into a report
 */
public record TrainingResult(Weights weights, TrainingHistory history) {
  /**
   * Checks the components.
   *
   * @param weights the trained network
   * @param history how it was trained
   */
  public TrainingResult {
    Require.present("weights", weights);
    Require.present("history", history);
  }

  /** {@return one record for each epoch} */
  public List<EpochRecord> epochs() {
    return history.epochs();
  }

  /** {@return the last epoch's record} */
  public EpochRecord last() {
    return history.last();
  }
}
