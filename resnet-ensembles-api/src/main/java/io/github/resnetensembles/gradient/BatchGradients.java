package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.RecordBuilder;
import io.github.resnetensembles.internal.Require;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The gradient by path length on one batch: raw measurements. Norms are L2 over the whole batch
 * tensor, the loss being the mean over the batch. An image's norm is that of its own part, times
 * the number of images: in eval mode the gradient of the image's own loss.
 */
public sealed interface BatchGradients permits MeasuredBatch {
  /**
   * A batch of which nothing else is measured.
   *
   * @param firstRecord the first image's record number, at least 0
   * @param images the number of images, at least 1
   * @param loss mean cross-entropy in nats
   * @param fullNorm the norm of the ordinary gradient g_0 at the place of measurement
   * @return the builder
   * @throws InvalidInputException if a number is out of its range
   */
  static Builder builder(int firstRecord, int images, double loss, double fullNorm) {
    return new MeasuredBatch(firstRecord, images, loss, fullNorm).toBuilder();
  }

  /** {@return the first image's record number} */
  int firstRecord();

  /** {@return the number of images} */
  int images();

  /** {@return the mean cross-entropy in nats} */
  double loss();

  /** {@return the norm of the ordinary gradient g_0 at the place of measurement} */
  double fullNorm();

  /**
   * {@return the norm of g_0 less the sum over the measured lengths, divided by that of g_0; empty
   * if there are no sums}
   */
  OptionalDouble residual();

  /** {@return the norm of the ordinary gradient at y_0, then at the output of each step} */
  List<Double> reaching();

  /** {@return the exact sums, by length} */
  List<PathSum> sums();

  /** {@return the sampled paths, by length} */
  List<PathSample> samples();

  /** {@return the random signs, by length} */
  List<SignSum> signSums();

  /** {@return the norm of a single path} */
  OptionalDouble pathNorm();

  /** {@return the gradients of the parameters of every step that has any, if asked for} */
  List<ParameterGradients> parameters();

  /** {@return a builder that starts from this batch} */
  default Builder toBuilder() {
    return RecordBuilder.of(Builder.class, this);
  }

  /** A batch in the making. Immutable: every setting returns a changed copy. */
  interface Builder {
    /**
     * Sets the first image's record number.
     *
     * @param firstRecord at least 0
     * @return the changed copy
     */
    Builder firstRecord(int firstRecord);

    /**
     * Sets the number of images.
     *
     * @param images at least 1
     * @return the changed copy
     */
    Builder images(int images);

    /**
     * Sets the mean cross-entropy in nats.
     *
     * @param loss not negative
     * @return the changed copy
     */
    Builder loss(double loss);

    /**
     * Sets the norm of the ordinary gradient at the place of measurement.
     *
     * @param fullNorm not negative
     * @return the changed copy
     */
    Builder fullNorm(double fullNorm);

    /**
     * Sets the norm of g_0 less the sum over the measured lengths, divided by that of g_0.
     *
     * @param residual not negative
     * @return the changed copy
     */
    Builder residual(double residual);

    /**
     * Sets the norm of the ordinary gradient at y_0, then at the output of each step.
     *
     * @param reaching not negative
     * @return the changed copy
     */
    Builder reaching(List<Double> reaching);

    /**
     * Sets the exact sums, by length.
     *
     * @param sums of growing lengths
     * @return the changed copy
     */
    Builder sums(List<PathSum> sums);

    /**
     * Sets the sampled paths, by length.
     *
     * @param samples of growing lengths
     * @return the changed copy
     */
    Builder samples(List<PathSample> samples);

    /**
     * Sets the random signs, by length.
     *
     * @param signSums of growing lengths
     * @return the changed copy
     */
    Builder signSums(List<SignSum> signSums);

    /**
     * Sets the norm of a single path.
     *
     * @param pathNorm not negative
     * @return the changed copy
     */
    Builder pathNorm(double pathNorm);

    /**
     * Sets the gradients of the parameters of every step that has any, if asked for.
     *
     * @param parameters of each such step
     * @return the changed copy
     */
    Builder parameters(List<ParameterGradients> parameters);

    /**
     * Checks the measurements.
     *
     * @return the batch
     * @throws InvalidInputException if a number is out of its range
     */
    BatchGradients build();
  }

  /**
   * The sum G[k] over all paths of one length.
   *
   * @param length k
   * @param norm of G[k]
   * @param share the inner product of G[k] and g_0 divided by the square of the norm of g_0;
   *     signed. The shares of all lengths add up to 1
   * @param imageNorm the mean over the images of an image's norm of G[k]
   */
  record PathSum(int length, double norm, double share, double imageNorm) {
    /**
     * Checks the components.
     *
     * @param length k
     * @param norm of G[k]
     * @param share the inner product of G[k] and g_0 divided by the square of the norm of g_0
     * @param imageNorm the mean over the images of an image's norm of G[k]
     * @throws IllegalArgumentException if a number is out of its range
     */
    public PathSum {
      Require.atLeast(0, "length", length);
      norm = Require.notNegative("norm", norm);
      imageNorm = Require.notNegative("imageNorm", imageNorm);
      share = Numbers.unsignedZero(share);
    }
  }

  /**
   * Single paths of one length.
   *
   * @param length k
   * @param paths how many were measured, repetitions counted
   * @param meanNorm their mean norm
   * @param standardError of the mean; 0 if all paths of the length were measured
   * @param imageMeanNorm the mean over paths and images of an image's norm
   */
  record PathSample(
      int length, int paths, double meanNorm, double standardError, double imageMeanNorm) {
    /**
     * Checks the components.
     *
     * @param length k
     * @param paths how many were measured
     * @param meanNorm their mean norm
     * @param standardError of the mean
     * @param imageMeanNorm the mean over paths and images of an image's norm
     * @throws IllegalArgumentException if a number is out of its range
     */
    public PathSample {
      Require.atLeast(0, "length", length);
      Require.atLeast(1, "paths", paths);
      meanNorm = Require.notNegative("meanNorm", meanNorm);
      standardError = Require.notNegative("standardError", standardError);
      imageMeanNorm = Require.notNegative("imageMeanNorm", imageMeanNorm);
    }
  }

  /**
   * The sum of the squared norms of all paths of one length, estimated.
   *
   * @param length k
   * @param squares the mean over draws of the squared norm of the sum with random signs
   * @param standardError of that mean; NaN for a single draw
   */
  record SignSum(int length, double squares, double standardError) {
    /**
     * Checks the components.
     *
     * @param length k
     * @param squares the mean over draws of the squared norm of the sum with random signs
     * @param standardError of that mean
     * @throws IllegalArgumentException if a number is out of its range
     */
    public SignSum {
      Require.atLeast(0, "length", length);
      squares = Require.notNegative("squares", squares);
      standardError = Require.notNegative("standardError", standardError);
    }
  }

  /**
   * The gradient of the parameters of one step's block.
   *
   * @param block its number
   * @param fullNorm the norm of the ordinary gradient of all its parameters
   * @param norms the norm of what paths contribute that have 0, 1, … branches from the loss down to
   *     and including this block
   * @param shares the inner product of each contribution with the ordinary gradient, divided by
   *     {@code fullNorm} squared
   */
  record ParameterGradients(int block, double fullNorm, List<Double> norms, List<Double> shares) {
    /**
     * Copies the lists.
     *
     * @param block its number
     * @param fullNorm the norm of the ordinary gradient
     * @param norms by length
     * @param shares by length
     */
    public ParameterGradients {
      norms = Numbers.unsignedZeros(norms);
      shares = Numbers.unsignedZeros(shares);
      Require.atLeast(1, "block", block);
      fullNorm = Require.notNegative("fullNorm", fullNorm);
      norms.forEach(value -> Require.notNegative("norms", value));
      Require.between(norms.size(), norms.size(), "the number of shares", shares.size());
    }
  }
}
