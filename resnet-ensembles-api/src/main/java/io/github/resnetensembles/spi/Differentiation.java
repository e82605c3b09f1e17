package io.github.resnetensembles.spi;

import io.github.resnetensembles.network.BatchNormMode;
import java.util.List;

/**
 * The derivatives of a network: an optional capability of {@link Network}. Each call runs one part
 * of the network forward and keeps what its vector-Jacobian products (VJPs) need. The rules, which
 * the contract test kit checks:
 *
 * <ol>
 *   <li><b>D1</b> In {@link BatchNormMode#EVAL} the output of a trace is that of the network's own
 *       call, to rounding. In {@link BatchNormMode#TRAIN} every BatchNorm normalises with the mean
 *       and the biased variance of its batch.
 *   <li><b>D2</b> {@link StepTrace#pullBack} gives a · sᵀD u + b · fᵀD v, with D the derivative of
 *       post at skipGain · s(x) + branchGain · f(x); the gains do not weigh the result, a and b do.
 *       In {@code TRAIN} the Jacobians are those of the whole batch. ReLU has the derivative 0 at
 *       0; a maximum that occurs twice in a pooling window passes its derivative to the first.
 *   <li><b>D3</b> A side without a cotangent is not computed. A trace whose branch gain is 0 may
 *       refuse a branch cotangent with {@link IllegalArgumentException}.
 *   <li><b>D4</b> A result depends on its own cotangents only, bit by bit, not on what else is in
 *       the list or pulled back at the same time by other threads.
 *   <li><b>D5</b> {@link HeadTrace#gradient} and {@link HeadTrace#loss} are those of the mean
 *       cross-entropy over the batch.
 *   <li><b>D6</b> Parameter gradients have the names and layouts of the network's weights.
 *   <li><b>D7</b> Nothing changes the network: neither its parameters nor its statistics.
 *   <li><b>D8</b> A trace stays usable when its input is closed. A trace that is closed, or whose
 *       network is, throws {@link IllegalStateException}; closing twice does nothing.
 *   <li><b>D9</b> Arguments of another shape are an {@link IllegalArgumentException}, as are labels
 *       that are no class and lists of unequal length; non-finite values pass through.
 *   <li><b>D10</b> Memory is flat: what is closed is freed at once.
 *   <li><b>D11</b> {@link #dots} and {@link #sum} are those of the values, dots in double
 *       precision.
 * </ol>
 *
 * <p>Implemented by backends.
 */
public interface Differentiation {
  /**
   * Runs the stem.
   *
   * @param pixels as for {@link Network#stem}
   * @param images N, at least 1
   * @param mode BatchNorm's statistics
   * @return the trace; the caller closes it
   */
  StemTrace stem(float[] pixels, int images, BatchNormMode mode);

  /**
   * Runs one block.
   *
   * @param block from 1
   * @param skipGain factor of the skip connection
   * @param branchGain factor of the residual branch; at 0 the branch is not computed
   * @param input x
   * @param mode BatchNorm's statistics
   * @return the trace; the caller closes it
   */
  StepTrace step(
      int block, double skipGain, double branchGain, Activation input, BatchNormMode mode);

  /**
   * Runs the head and the loss.
   *
   * @param input y_n
   * @param labels N class numbers, from 0
   * @param mode BatchNorm's statistics
   * @return the trace; the caller closes it
   */
  HeadTrace head(Activation input, int[] labels, BatchNormMode mode);

  /**
   * The inner product of two activations, image by image, summed in double precision.
   *
   * @param a N images
   * @param b N images of the same shape
   * @return N inner products
   */
  double[] dots(Activation a, Activation b);

  /**
   * A weighted sum.
   *
   * @param terms at least one, of one shape
   * @param weights one for each term
   * @return Σ weights[i] · terms[i]; the caller closes it
   */
  Activation sum(List<Activation> terms, double[] weights);
}
