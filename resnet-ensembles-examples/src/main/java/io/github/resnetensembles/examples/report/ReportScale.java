package io.github.resnetensembles.examples.report;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.resnetensembles.InvalidInputException;
import java.util.List;

/**
 * How much work a report is. Immutable.
 *
 * @param depth of the network that is trained if none is named
 * @param epochs of training in full; networks that train a part of their blocks get more
 * @param plainEpochs of the twin without skip connections, which has to be good enough to be hurt
 * @param trainingImages the first so many
 * @param testImages the first so many, for single lesions
 * @param drawnImages the first so many, for random lesions
 * @param valueImages the first so many, for block values
 * @param draws of random lesions, for each number of blocks
 * @param orders of the blocks that values are sampled from, where there are too many for all sets
 * @param gradientBatches for gradients by path length
 * @param pathSamples random paths of each length, shared among the batches
 * @param deeper depths of networks that are trained besides
 * @param seeds with which the full network and the one of effective paths are trained
 */
@CheckReturnValue
public record ReportScale(
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
    List<Integer> deeper,
    int seeds) {
  /**
   * Checks the ranges.
   *
   * @param depth of the network
   * @param epochs of training
   * @param plainEpochs of the plain twin
   * @param trainingImages the first so many
   * @param testImages the first so many
   * @param drawnImages the first so many
   * @param valueImages the first so many
   * @param draws for each number of blocks
   * @param orders of the blocks
   * @param gradientBatches for gradients
   * @param pathSamples of each length
   * @param deeper depths
   * @param seeds of training
   * @throws InvalidInputException if there would be nothing to measure
   */
  public ReportScale {
    deeper = List.copyOf(deeper);
    require(epochs >= 1 && plainEpochs >= 1, "--epochs must be at least 1", epochs);
    require(trainingImages >= 2, "--train-limit must be at least 2", trainingImages);
    require(
        testImages >= 2 && drawnImages >= 2 && valueImages >= 2,
        "--limit must be at least 2, for statistics need two images",
        testImages);
    require(draws >= 2, "--draws must be at least 2, for intervals need two draws", draws);
  }

  /** {@return a first look: a small network, few images and draws} */
  public static ReportScale quick() {
    return new ReportScale(14, 3, 2, 3000, 500, 200, 500, 5, 10, 2, 10, List.of(), 1);
  }

  /** {@return the ordinary report: less than ten minutes on two cores} */
  public static ReportScale standard() {
    return new ReportScale(20, 3, 2, 10_000, 2000, 500, 600, 10, 20, 4, 20, List.of(), 1);
  }

  /** {@return the ordinary report, more seeds, and deeper networks: about an hour on two cores} */
  public static ReportScale full() {
    return new ReportScale(
        20, 6, 3, 10_000, 2000, 500, 1000, 20, 40, 4, 50, List.of(32, 44, 56), 3);
  }

  /**
   * Sets the epochs of all trainings.
   *
   * @param epochs at least 1
   * @return the changed copy
   */
  public ReportScale withEpochs(int epochs) {
    return with(epochs, epochs, trainingImages, testImages, drawnImages, valueImages, draws);
  }

  /**
   * Sets the training images.
   *
   * @param trainingImages at least 2
   * @return the changed copy
   */
  public ReportScale withTrainingImages(int trainingImages) {
    return with(epochs, plainEpochs, trainingImages, testImages, drawnImages, valueImages, draws);
  }

  /**
   * Sets the images of all studies.
   *
   * @param images at least 2
   * @return the changed copy
   */
  public ReportScale withTestImages(int images) {
    return with(epochs, plainEpochs, trainingImages, images, images, images, draws);
  }

  /**
   * Sets the draws of random lesions.
   *
   * @param draws at least 2, for each number of blocks
   * @return the changed copy
   */
  public ReportScale withDraws(int draws) {
    return with(epochs, plainEpochs, trainingImages, testImages, drawnImages, valueImages, draws);
  }

  private ReportScale with(
      int epochs,
      int plainEpochs,
      int trainingImages,
      int testImages,
      int drawnImages,
      int valueImages,
      int draws) {
    return new ReportScale(
        depth,
        epochs,
        plainEpochs,
        trainingImages,
        testImages,
        drawnImages,
        valueImages,
        draws,
        orders,
        gradientBatches,
        pathSamples,
        deeper,
        seeds);
  }

  private static void require(boolean fits, String rule, int value) {
    if (!fits) {
      throw new InvalidInputException(rule + ", got " + value);
    }
  }
}
