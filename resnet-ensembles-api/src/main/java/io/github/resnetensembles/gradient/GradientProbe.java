package io.github.resnetensembles.gradient;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.result.Provenance;

/**
 * Measures the gradient of a model by path length (section 4.3 of the paper), being set up.
 * Immutable; every setting returns a new probe. Without any, exact sums of all lengths at y_0, in
 * eval mode. A setting that has no effect on what is measured is refused with an {@link
 * InvalidInputException}: at once, or by {@link #cost} and {@link #run(ImageSet)}; so is a second
 * measurement.
 *
 * <p>All Jacobians are taken at the ordinary forward pass of the view: those of skip connection and
 * branch, weighed by the gains of its wiring, and the derivative of post at their sum. The length
 * of a path is the number of branches it takes, plain blocks included.
 *
 * <p>Implemented by this library alone.
 */
public interface GradientProbe {
  /** {@return a probe of {@link GradientMeasurement.ExactSums}} */
  GradientProbe exact();

  /**
   * Measures random single paths.
   *
   * @param pathsPerLength at least 1
   * @return a probe of {@link GradientMeasurement.SampledPaths}
   * @throws InvalidInputException if there are none
   */
  GradientProbe sampled(int pathsPerLength);

  /**
   * Measures sums with random signs.
   *
   * @param draws at least 1
   * @return a probe of {@link GradientMeasurement.RandomSigns}
   * @throws InvalidInputException if there are none
   */
  GradientProbe signs(int draws);

  /**
   * Measures one path.
   *
   * @param path a path of the view
   * @return a probe of {@link GradientMeasurement.SinglePath}
   */
  GradientProbe path(ResidualPath path);

  /**
   * Measures one path.
   *
   * @param blocks those on the path; none is the path of skip connections alone
   * @return a probe of {@link GradientMeasurement.SinglePath}
   * @throws InvalidPathException if a number is out of range or occurs twice
   */
  default GradientProbe path(int... blocks) {
    return path(ResidualPath.of(blocks));
  }

  /**
   * Sets what BatchNorm normalises with.
   *
   * @param mode eval mode unless set
   * @return the changed copy
   */
  GradientProbe batchNorm(BatchNormMode mode);

  /**
   * Sets where the gradient is measured.
   *
   * @param place y_0 unless set
   * @return the changed copy
   */
  GradientProbe place(GradientPlace place);

  /** {@return a probe that measures at the pixels} */
  default GradientProbe atImage() {
    return place(GradientPlace.IMAGE);
  }

  /**
   * Drops the largest lengths where their part is small, which saves most of the work in deep
   * networks. The result's residual says exactly what was lost.
   *
   * @param tolerance see {@link GradientProtocol}; 0 keeps all
   * @return the changed copy
   * @throws InvalidInputException if it is not in [0, 1)
   */
  GradientProbe tolerance(double tolerance);

  /**
   * Measures the first lengths only.
   *
   * @param length the largest
   * @return the changed copy
   * @throws InvalidInputException if it is negative
   */
  GradientProbe maxLength(int length);

  /**
   * Sets the seed of random paths and signs; refused by a run that draws none.
   *
   * @param seed any
   * @return the changed copy
   */
  GradientProbe seed(long seed);

  /**
   * {@return a probe that also measures, for each length, the gradient of each block's parameters}
   */
  GradientProbe parameters();

  /**
   * Stops early, after at least three batches, when the result is precise enough.
   *
   * @param relative see {@link GradientProtocol#precision()}
   * @return the changed copy
   * @throws InvalidInputException if it is not above 0
   */
  GradientProbe precision(double relative);

  /**
   * Measures some of the batches that the images make. Random paths and signs are those that a run
   * of all batches draws for them, and {@link PathGradients#merge} makes of the parts what that run
   * gives.
   *
   * @param from the first batch, from 1
   * @param to the last batch
   * @return the changed copy
   * @throws InvalidInputException if {@code from} is below 1 or above {@code to}
   */
  GradientProbe batches(int from, int to);

  /**
   * Sets how the measurement is run.
   *
   * @param options batch size and listener
   * @return the changed copy
   */
  GradientProbe options(RunOptions options);

  /** {@return how it measures} */
  GradientProtocol protocol();

  /** {@return the lesion of the view that is measured; intact for a whole network} */
  Lesion view();

  /** {@return how the measurement is run} */
  RunOptions options();

  /**
   * What a result will say of where it comes from, but for time and work. Takes the network's
   * fingerprint where no result needed it before.
   *
   * @param images what it will be run on
   * @return the provenance
   * @throws InvalidImagesException if the images do not fit the network
   * @throws FileAccessException if a file of images cannot be read
   * @throws IllegalStateException if the model is closed
   */
  Provenance provenance(ImageSet images);

  /**
   * What {@link #run(ImageSet)} will cost.
   *
   * @param images what it will be run on
   * @return block VJPs and memory
   * @throws InvalidInputException if {@link #batches} asks for others than the images make, or a
   *     setting has no effect
   * @throws InvalidPathException if paths are asked for that the view does not have
   */
  GradientCost cost(ImageSet images);

  /**
   * Measures on one batch. It does not know which data set it is from: the provenance names its
   * records, and its hash is that of its own labels and pixels.
   *
   * @param batch the images
   * @return the measurement
   * @throws InvalidImagesException if the images do not fit the network
   * @throws InvalidLesionException if the view takes branch outputs from elsewhere
   * @throws InvalidPathException if paths are asked for that the view does not have
   * @throws InvalidInputException if the backend offers no derivatives, or a setting has no effect,
   *     as {@link #precision} and {@link #batches} have none on one batch
   * @throws GradientsInterruptedException if the thread was interrupted
   * @throws IllegalStateException if the model is closed
   */
  PathGradients run(ImageBatch batch);

  /**
   * Measures on several batches of equal size: that of the options, or all images if they are
   * fewer. What is left over at the end is left out, and the result says how many images that is.
   *
   * @param images what to measure on
   * @return the measurements, one for each batch
   * @throws InvalidImagesException if the images do not fit the network, or are damaged
   * @throws FileAccessException if a file of images cannot be read
   * @throws InvalidLesionException if the view takes branch outputs from elsewhere
   * @throws InvalidPathException if paths are asked for that the view does not have
   * @throws InvalidInputException if the backend offers no derivatives, {@link #batches} asks for
   *     others than the images make, or is set beside {@link #precision}, which looks at all
   *     batches
   * @throws GradientsInterruptedException if the thread was interrupted; it carries the batches
   *     that were finished
   * @throws IllegalStateException if the model is closed
   */
  PathGradients run(ImageSet images);
}
