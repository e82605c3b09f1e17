package io.github.resnetensembles.examples.report;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.resnetensembles.InvalidInputException;
import java.util.List;

/** How much work a report is. An immutable value; {@link #toBuilder()} changes it. */
@CheckReturnValue
public sealed interface ReportScale permits Scale {
  /** {@return a first look at networks that are there: about a minute on two cores} */
  static ReportScale quick() {
    return standard().toBuilder()
        .testImages(200)
        .drawnImages(50)
        .gradientBatches(1)
        .pathSamples(2)
        .recalibrated(3)
        .calibrationImages(128)
        .build();
  }

  /** {@return the ordinary report on networks that are there: about three minutes on two cores} */
  static ReportScale standard() {
    return ScaleBuilder.standard().build();
  }

  /** {@return as many images and draws as intervals of about a point need} */
  static ReportScale full() {
    return standard().toBuilder()
        .testImages(2000)
        .drawnImages(500)
        .valueImages(600)
        .draws(20)
        .gradientBatches(4)
        .pathSamples(20)
        .recalibrated(Integer.MAX_VALUE)
        .calibrationImages(1000)
        .skips(true)
        .build();
  }

  /** {@return a first look at networks that are trained first} */
  static ReportScale quickTraining() {
    return training().toBuilder()
        .depth(14)
        .trainingImages(3000)
        .testImages(500)
        .drawnImages(200)
        .valueImages(500)
        .orders(10)
        .gradientBatches(2)
        .pathSamples(10)
        .build();
  }

  /** {@return networks that are trained first: less than ten minutes on two cores} */
  static ReportScale training() {
    return full().toBuilder().draws(10).build();
  }

  /** {@return the same with more seeds and deeper networks: about an hour on two cores} */
  static ReportScale fullTraining() {
    return training().toBuilder()
        .epochs(6)
        .plainEpochs(3)
        .valueImages(1000)
        .draws(20)
        .orders(40)
        .pathSamples(50)
        .deeper(List.of(32, 44, 56))
        .seeds(3)
        .build();
  }

  /** {@return the depth of the network that is trained if none is named} */
  int depth();

  /**
   * {@return the epochs of training in full; networks that train a part of their blocks get more}
   */
  int epochs();

  /**
   * {@return the epochs of the twin without skip connections, which has to be good enough to be
   * hurt}
   */
  int plainEpochs();

  /** {@return the training images: the first so many} */
  int trainingImages();

  /** {@return the images for single lesions: the first so many} */
  int testImages();

  /** {@return the images for random lesions: the first so many} */
  int drawnImages();

  /** {@return the images for block values: the first so many} */
  int valueImages();

  /** {@return the draws of random lesions, for each number of blocks} */
  int draws();

  /**
   * {@return the orders of the blocks that values are sampled from, where there are too many for
   * all sets}
   */
  int orders();

  /** {@return the batches for gradients by path length} */
  int gradientBatches();

  /** {@return the random paths of each length, shared among the batches} */
  int pathSamples();

  /** {@return for how many of the worst blocks BatchNorm's statistics are estimated anew} */
  int recalibrated();

  /** {@return the training images that they are estimated from: the first so many} */
  int calibrationImages();

  /** {@return whether each skip connection is deleted, too} */
  boolean skips();

  /** {@return the depths of networks that are trained besides} */
  List<Integer> deeper();

  /** {@return with how many seeds the full network and the one of effective paths are trained} */
  int seeds();

  /** {@return a builder that starts from this scale} */
  default Builder toBuilder() {
    return ScaleBuilder.of(this);
  }

  /**
   * A scale in the making. Immutable: every setting returns a changed copy, and is refused if there
   * would be nothing to measure.
   */
  @CheckReturnValue
  interface Builder {
    /**
     * Sets the depth of the network that is trained if none is named.
     *
     * @param depth 6n+2, from 8
     * @return the changed copy
     */
    Builder depth(int depth);

    /**
     * Sets the epochs of training in full.
     *
     * @param epochs at least 1
     * @return the changed copy
     */
    Builder epochs(int epochs);

    /**
     * Sets the epochs of the twin without skip connections.
     *
     * @param plainEpochs at least 1
     * @return the changed copy
     */
    Builder plainEpochs(int plainEpochs);

    /**
     * Sets the training images.
     *
     * @param trainingImages the first so many, at least 2
     * @return the changed copy
     */
    Builder trainingImages(int trainingImages);

    /**
     * Sets the images for single lesions.
     *
     * @param testImages the first so many, at least 2
     * @return the changed copy
     */
    Builder testImages(int testImages);

    /**
     * Sets the images for random lesions.
     *
     * @param drawnImages the first so many, at least 2
     * @return the changed copy
     */
    Builder drawnImages(int drawnImages);

    /**
     * Sets the images for block values.
     *
     * @param valueImages the first so many, at least 2
     * @return the changed copy
     */
    Builder valueImages(int valueImages);

    /**
     * Sets the draws of random lesions.
     *
     * @param draws at least 2, for each number of blocks
     * @return the changed copy
     */
    Builder draws(int draws);

    /**
     * Sets the orders of the blocks that values are sampled from.
     *
     * @param orders at least 2
     * @return the changed copy
     */
    Builder orders(int orders);

    /**
     * Sets the batches for gradients by path length.
     *
     * @param gradientBatches at least 1
     * @return the changed copy
     */
    Builder gradientBatches(int gradientBatches);

    /**
     * Sets the random paths of each length.
     *
     * @param pathSamples at least 1, shared among the batches
     * @return the changed copy
     */
    Builder pathSamples(int pathSamples);

    /**
     * Sets for how many of the worst blocks BatchNorm's statistics are estimated anew.
     *
     * @param recalibrated at least 1; there may be fewer blocks
     * @return the changed copy
     */
    Builder recalibrated(int recalibrated);

    /**
     * Sets the training images that statistics are estimated from.
     *
     * @param calibrationImages the first so many, at least 2
     * @return the changed copy
     */
    Builder calibrationImages(int calibrationImages);

    /**
     * Sets whether each skip connection is deleted, too.
     *
     * @param skips true if so
     * @return the changed copy
     */
    Builder skips(boolean skips);

    /**
     * Sets the depths of networks that are trained besides.
     *
     * @param deeper any number
     * @return the changed copy
     */
    Builder deeper(List<Integer> deeper);

    /**
     * Sets with how many seeds the full network and the one of effective paths are trained.
     *
     * @param seeds at least 1
     * @return the changed copy
     */
    Builder seeds(int seeds);

    /**
     * Checks the ranges.
     *
     * @return the scale
     * @throws InvalidInputException if there would be nothing to measure
     */
    ReportScale build();
  }
}
