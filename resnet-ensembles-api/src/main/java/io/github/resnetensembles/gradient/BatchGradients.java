package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The gradient by path length on one batch: raw measurements. Norms are L2 over the whole batch
 * tensor, the loss being the mean over the batch. An image's norm is that of its own part, times
 * the number of images: in eval mode the gradient of the image's own loss.
 *
 * @param firstRecord the first image's record number
 * @param images the number of images
 * @param loss mean cross-entropy in nats
 * @param fullNorm the norm of the ordinary gradient g_0 at the place of measurement
 * @param residual the norm of g_0 less the sum over the measured lengths, divided by that of g_0;
 *     empty if there are no sums
 * @param reaching the norm of the ordinary gradient at y_0, then at the output of each step
 * @param sums of exact sums, by length
 * @param samples of sampled paths, by length
 * @param signSums of random signs, by length
 * @param pathNorm of a single path
 * @param parameters of every step that has parameters, if asked for
 */
@JsonForm(
    fields =
        "firstRecord images loss fullNorm residual? reaching sums samples signSums pathNorm?"
            + " parameters")
public record BatchGradients(
    int firstRecord,
    int images,
    double loss,
    double fullNorm,
    OptionalDouble residual,
    List<Double> reaching,
    List<PathSum> sums,
    List<PathSample> samples,
    List<SignSum> signSums,
    OptionalDouble pathNorm,
    List<ParameterGradients> parameters) {
  /**
   * Copies the lists.
   *
   * @param firstRecord the first image's record number
   * @param images the number of images
   * @param loss mean cross-entropy in nats
   * @param fullNorm the norm of the ordinary gradient
   * @param residual what the sums lack
   * @param reaching the norm of the ordinary gradient at the output of each step
   * @param sums of exact sums
   * @param samples of sampled paths
   * @param signSums of random signs
   * @param pathNorm of a single path
   * @param parameters of every step that has parameters
   */
  public BatchGradients {
    reaching = Numbers.unsignedZeros(reaching);
    sums = List.copyOf(sums);
    samples = List.copyOf(samples);
    signSums = List.copyOf(signSums);
    parameters = List.copyOf(parameters);
    Require.present("residual", residual);
    Require.present("pathNorm", pathNorm);
    Require.atLeast(0, "firstRecord", firstRecord);
    Require.atLeast(1, "images", images);
    Require.notNegative("loss", loss);
    Require.notNegative("fullNorm", fullNorm);
    residual.ifPresent(value -> Require.notNegative("residual", value));
    pathNorm.ifPresent(value -> Require.notNegative("pathNorm", value));
    loss = Numbers.unsignedZero(loss);
    fullNorm = Numbers.unsignedZero(fullNorm);
    residual = Numbers.unsignedZero(residual);
    pathNorm = Numbers.unsignedZero(pathNorm);
    reaching.forEach(value -> Require.notNegative("reaching", value));
    GradientSummaries.checkLengths("sums", sums, PathSum::length);
    GradientSummaries.checkLengths("samples", samples, PathSample::length);
    GradientSummaries.checkLengths("signSums", signSums, SignSum::length);
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
  public record PathSum(int length, double norm, double share, double imageNorm) {
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
      Require.notNegative("norm", norm);
      Require.notNegative("imageNorm", imageNorm);
      norm = Numbers.unsignedZero(norm);
      share = Numbers.unsignedZero(share);
      imageNorm = Numbers.unsignedZero(imageNorm);
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
  public record PathSample(
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
      Require.notNegative("meanNorm", meanNorm);
      Require.notNegative("standardError", standardError);
      Require.notNegative("imageMeanNorm", imageMeanNorm);
      meanNorm = Numbers.unsignedZero(meanNorm);
      standardError = Numbers.unsignedZero(standardError);
      imageMeanNorm = Numbers.unsignedZero(imageMeanNorm);
    }
  }

  /**
   * The sum of the squared norms of all paths of one length, estimated.
   *
   * @param length k
   * @param squares the mean over draws of the squared norm of the sum with random signs
   * @param standardError of that mean; NaN for a single draw
   */
  public record SignSum(int length, double squares, double standardError) {
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
      Require.notNegative("squares", squares);
      Require.notNegative("standardError", standardError);
      squares = Numbers.unsignedZero(squares);
      standardError = Numbers.unsignedZero(standardError);
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
  public record ParameterGradients(
      int block, double fullNorm, List<Double> norms, List<Double> shares) {
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
      Require.notNegative("fullNorm", fullNorm);
      norms.forEach(value -> Require.notNegative("norms", value));
      fullNorm = Numbers.unsignedZero(fullNorm);
      Require.between(norms.size(), norms.size(), "the number of shares", shares.size());
    }
  }
}
