package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.InvalidInputException;
import java.util.List;

/** A scale with which there is something to measure. */
record Scale(
    int depth,
    int epochs,
    int plainEpochs,
    int trainingImages,
    int testImages,
    int drawnImages,
    int valueImages,
    int draws,
    int orders,
    int gradientBatches,
    int pathSamples,
    int recalibrated,
    int calibrationImages,
    boolean skips,
    List<Integer> deeper,
    int seeds)
    implements ReportScale {
  Scale {
    deeper = List.copyOf(deeper);
    atLeast(1, "--epochs must be at least 1", Math.min(epochs, plainEpochs));
    atLeast(2, "--train-limit must be at least 2", trainingImages);
    atLeast(
        2,
        "--limit must be at least 2, for statistics need two images",
        Math.min(testImages, Math.min(drawnImages, valueImages)));
    atLeast(2, "--draws must be at least 2, for intervals need two draws", draws);
    atLeast(2, "the orders must be at least 2, for intervals need two", orders);
    atLeast(1, "the batches for gradients must be at least 1", gradientBatches);
    atLeast(1, "the paths of each length must be at least 1", pathSamples);
    atLeast(1, "the blocks with new statistics must be at least 1", recalibrated);
    atLeast(2, "statistics are estimated from at least 2 images", calibrationImages);
    atLeast(1, "the seeds must be at least 1", seeds);
  }

  private static void atLeast(int least, String rule, int value) {
    if (value < least) {
      throw new InvalidInputException(rule + ", got " + value);
    }
  }
}
