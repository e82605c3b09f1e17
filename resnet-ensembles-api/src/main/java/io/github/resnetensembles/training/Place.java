package io.github.resnetensembles.training;

import java.util.List;

/**
 * How far a training is.
 *
 * @param steps done since the start
 * @param lossSum over the images of the epoch that is under way
 * @param wrong predictions in it
 * @param images of it that were trained on
 * @param epochs the records of the finished ones
 */
record Place(long steps, double lossSum, long wrong, long images, List<EpochRecord> epochs) {
  Place {
    epochs = List.copyOf(epochs);
  }

  static Place start() {
    return new Place(0, 0, 0, 0, List.of());
  }

  /** The epoch that is under way, from 1. */
  int epoch() {
    return epochs.size() + 1;
  }

  Place afterStep(int batch, TrainingStep.Outcome outcome) {
    return new Place(
        steps + 1,
        lossSum + outcome.loss() * batch,
        wrong + outcome.wrong(),
        images + batch,
        epochs);
  }

  Place afterEpoch(EpochRecord epoch) {
    List<EpochRecord> all = new java.util.ArrayList<>(epochs);
    all.add(epoch);
    return new Place(steps, 0, 0, 0, all);
  }
}
