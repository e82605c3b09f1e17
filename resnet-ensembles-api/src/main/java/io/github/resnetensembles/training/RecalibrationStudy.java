package io.github.resnetensembles.training;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.weights.Weights;

/**
 * A study of lesions with and without estimating BatchNorm's running statistics anew, being set up:
 * see {@link Recalibration}. Immutable; every setting returns a new study. Without settings it
 * deletes each block in turn, on {@link Backends#load()}; {@link #calibration} must be set.
 *
 * <p>Lesions may delete blocks or skip connections, scale branches, reorder blocks, or keep one
 * path. Those that run a block more than once, or replace its branch's output, are refused: their
 * statistics would not be those of one forward pass.
 *
 * <p>The same weights, images and batch sizes give the same result, whatever the number of threads
 * that batches are run on.
 *
 * <p>Implemented by this library alone.
 */
public interface RecalibrationStudy {
  /** Images for each batch of the calibration unless told otherwise. */
  int DEFAULT_BATCH_SIZE = 128;

  /**
   * Starts a study of a network.
   *
   * @param weights the network with its trained statistics; they stay as they are
   * @return a study with default settings
   */
  static RecalibrationStudy of(Weights weights) {
    return RecalibrationSettings.of(weights);
  }

  /**
   * Sets the backend.
   *
   * @param backend one that can train
   * @return the changed copy
   */
  RecalibrationStudy backend(Backend backend);

  /**
   * Sets where and how the backend computes.
   *
   * @param options device, precision, threads
   * @return the changed copy
   */
  RecalibrationStudy options(ModelOptions options);

  /**
   * Sets the images that statistics are estimated on; commonly training images, never those that
   * are evaluated. They are taken in their order, without augmentation.
   *
   * @param images at least 2
   * @return the changed copy
   */
  RecalibrationStudy calibration(ImageSet images);

  /**
   * Sets the images for each batch of the calibration. The last batch may be smaller and weighs the
   * same; a single image that is left over is left out.
   *
   * @param images from 2 to 65536; {@link #DEFAULT_BATCH_SIZE} unless set
   * @return the changed copy
   * @throws InvalidInputException if it is out of range
   */
  RecalibrationStudy batchSize(int images);

  /**
   * Runs a plan, {@linkplain LesionPlan#join joined} to those that were set before.
   *
   * @param plan made for as many blocks
   * @return the changed copy
   * @throws InvalidLesionException if the plans cannot be joined
   */
  RecalibrationStudy plan(LesionPlan plan);

  /**
   * Runs given lesions, {@linkplain LesionPlan#join joined} to the plans that were set before.
   *
   * @param lesions at least one
   * @return the changed copy
   * @throws InvalidLesionException if one does not fit the network, or the plans cannot be joined
   */
  RecalibrationStudy lesions(Lesion... lesions);

  /**
   * Runs this plan in place of all that were set: a piece of a plan ({@link LesionPlan#part}), say.
   *
   * @param plan made for as many blocks
   * @return the changed copy
   */
  RecalibrationStudy only(LesionPlan plan);

  /**
   * Sets how the evaluation of the test images is run.
   *
   * @param options batch size, and a listener that is told about the whole study
   * @return the changed copy
   */
  RecalibrationStudy options(RunOptions options);

  /** {@return the plan as it will be run} */
  LesionPlan plan();

  /**
   * {@return the images that statistics are estimated on}
   *
   * @throws IllegalStateException if none were set
   */
  ImageSet calibration();

  /** {@return the images for each batch of the calibration} */
  int batchSize();

  /** {@return how the evaluation of the test images is run} */
  RunOptions options();

  /**
   * What a result will say of where it comes from, but for time and work. Opens the network and
   * takes its fingerprint.
   *
   * @param test what will be evaluated
   * @return the provenance
   * @throws InvalidImagesException if the images do not fit the network
   * @throws FileAccessException if a file of images cannot be read
   */
  Provenance provenance(ImageSet test);

  /**
   * What {@link #run} will cost, exactly.
   *
   * @param test what will be evaluated
   * @return branches, times images
   * @throws InvalidLesionException if the plan is empty or does not fit the network, or a lesion is
   *     of a kind that is refused
   * @throws InvalidImagesException if images do not fit the network, or are too few
   * @throws IllegalStateException if no calibration images were set
   */
  RecalibrationCost cost(ImageSet test);

  /**
   * Runs the plan as an ordinary study; then, for the network without further damage and for every
   * lesion, estimates the statistics anew and evaluates the network with them.
   *
   * @param test what to evaluate
   * @return the rows with both statistics
   * @throws InvalidLesionException if the plan does not fit the network, or a lesion is of a kind
   *     that is refused
   * @throws InvalidImagesException if images do not fit the network, are too few, or are damaged
   * @throws FileAccessException if a file of images cannot be read
   * @throws InvalidInputException if a statistic is not finite
   * @throws BackendUnavailableException if the backend cannot train
   * @throws StudyInterruptedException if the thread was interrupted; it carries the rows with the
   *     trained statistics, as far as they were finished
   * @throws IllegalStateException if no calibration images were set
   */
  Recalibration run(ImageSet test);

  /**
   * Estimates the statistics of one lesioned network. BatchNorms that the lesion leaves uncomputed
   * keep theirs, and nothing else changes: to use the weights, apply the lesion to a model of them.
   *
   * @param lesion the damage; {@link Lesion#intact()} to estimate the network's own statistics
   * @return the same weights with the estimated statistics; {@link Weights#source()} says what they
   *     are
   * @throws InvalidLesionException if the lesion does not fit the network, or is of a kind that is
   *     refused
   * @throws InvalidImagesException if the calibration images do not fit the network, are too few,
   *     or are damaged
   * @throws FileAccessException if a file of images cannot be read
   * @throws InvalidInputException if a statistic is not finite
   * @throws BackendUnavailableException if the backend cannot train
   * @throws StudyInterruptedException if the thread was interrupted
   * @throws IllegalStateException if no calibration images were set
   */
  Weights weights(Lesion lesion);
}
