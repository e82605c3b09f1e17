package io.github.resnetensembles.spi;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Layer;
import java.util.List;
import java.util.Map;

/**
 * A network inside an engine whose parameters are trained: an optional capability of {@link
 * Backend}. A training step is {@link #stem}, one {@link #step} for each block, {@link #head}, then
 * backward through the passes in reverse, then {@link #apply}. The rules, which the contract test
 * kit checks:
 *
 * <ol>
 *   <li><b>T1</b> A training network starts with its own copy of the weights, and its optimizer's
 *       state is 0. No call changes the weights that it was created from, nor any network opened
 *       from them.
 *   <li><b>T2</b> {@link #step} gives post(skipGain · s(x) + branchGain · f(x)), each gain one
 *       number for the batch or one for each image. A side whose gains are all 0 is not computed:
 *       its statistics do not change and its parameters get no gradient. A NaN there never shows.
 *   <li><b>T3</b> In {@code TRAIN} mode every BatchNorm that is computed normalises with the mean
 *       and the biased variance of the whole batch, images with a gain of 0 included, and once for
 *       each forward pass running = (1 - m) · running + m · batch, with the unbiased variance. A
 *       BatchNorm that sees a single value for each channel is an {@link IllegalArgumentException}.
 *       In {@code EVAL} mode it uses the running statistics and changes none.
 *   <li><b>T4</b> {@link HeadPass#loss()} is the mean over the batch of (1 - ε) · (-log p_label) +
 *       ε · mean over classes c of (-log p_c), with ε the label smoothing.
 *   <li><b>T5</b> {@code backward} returns the cotangent at the pass's input and adds the gradient
 *       of the pass's parameters to what the network has accumulated; gradients are those of the
 *       pass as it was run, gains and the derivative of post at its own sum included.
 *   <li><b>T6</b> {@link StepPass#pullBack} gives a · sᵀ(skipGain · D u) + b · fᵀ(branchGain · D v)
 *       and changes no gradient; {@link StepPass#addParameterGradient} adds the parameters' part of
 *       the same: the skip's parameters from u, the branch's from v. Pulling u = v back with a = b
 *       = 1 and adding the parameters' gradient is {@code backward}, to rounding.
 *   <li><b>T7</b> {@link #apply} does what {@link ParameterUpdate} and its {@link Optimizer} say
 *       and sets the gradient to 0. A parameter that got no gradient since the last one has the
 *       gradient 0: momentum and weight decay still move it, unless its block rests.
 *   <li><b>T8</b> {@link #tensors()} and {@link #optimizerState()} are copies, exact in the
 *       network's precision: a network created from these tensors, with this state restored,
 *       continues with the same bits.
 *   <li><b>T9</b> On a processor calls are deterministic: the same calls give the same bits, run
 *       after run.
 *   <li><b>T10</b> One thread at a time uses a training network and its passes. Other networks may
 *       run in other threads meanwhile.
 *   <li><b>T11</b> Arguments of another shape or network, and gains that are neither one nor one
 *       for each image, are an {@link IllegalArgumentException}, never a crash; non-finite values
 *       pass through.
 *   <li><b>T12</b> A pass stays usable when its input is closed. A pass that is closed, or whose
 *       parameters {@link #apply} has changed since, or whose network is closed, throws {@link
 *       IllegalStateException} from every call that computes; closing twice does nothing.
 *   <li><b>T13</b> Memory is flat: what is closed is freed at once.
 *   <li><b>T14</b> The i-th {@link Layer.Dropout} of the head multiplies each value that enters it
 *       by its factor in the i-th array that {@link #head(Activation, int[], double, double[][])}
 *       is given, forward and backward. Without any array each of them is the identity. Nothing is
 *       drawn by a backend.
 * </ol>
 *
 * <p>Implemented by backends.
 */
public interface TrainingNetwork extends AutoCloseable {
  /** {@return the network's description} */
  Architecture architecture();

  /** {@return the facts that results carry; the hash is that of the weights at the start} */
  Network.NetworkInfo info();

  /**
   * Runs the stem.
   *
   * @param pixels normalised and padded, laid out (N, C, H, W)
   * @param images N, at least 1
   * @return the pass; the caller closes it
   */
  StemPass stem(float[] pixels, int images);

  /**
   * Runs one block.
   *
   * @param block from 1
   * @param skipGains factors of the skip connection: one, or one for each image
   * @param branchGains factors of the residual branch: one, or one for each image
   * @param input x
   * @return the pass; the caller closes it
   */
  StepPass step(int block, double[] skipGains, double[] branchGains, Activation input);

  /**
   * Runs the head and the loss.
   *
   * @param input y_n
   * @param labels N class numbers, from 0
   * @param labelSmoothing ε in [0, 1)
   * @param dropout one array for each {@link Layer.Dropout} of the head, in order: a finite factor
   *     of at least 0 for each value that enters it, laid out (N, C, H, W); no array at all where
   *     nothing is dropped
   * @return the pass; the caller closes it
   */
  HeadPass head(Activation input, int[] labels, double labelSmoothing, double[][] dropout);

  /**
   * Runs the head, of which nothing is dropped, and the loss.
   *
   * @param input y_n
   * @param labels N class numbers, from 0
   * @param labelSmoothing ε in [0, 1)
   * @return the pass; the caller closes it
   */
  default HeadPass head(Activation input, int[] labels, double labelSmoothing) {
    return head(input, labels, labelSmoothing, new double[0][]);
  }

  /**
   * Brings values into the engine.
   *
   * @param values laid out (N, C, H, W)
   * @param images N, at least 1
   * @param shape (C, H, W)
   * @return the activation; the caller closes it
   */
  Activation activation(double[] values, int images, FeatureShape shape);

  /**
   * A weighted sum.
   *
   * @param terms at least one, of one shape
   * @param weights one for each term
   * @return Σ weights[i] · terms[i]; the caller closes it
   */
  Activation sum(List<Activation> terms, double[] weights);

  /**
   * Moves the parameters along the accumulated gradient, which is 0 afterwards.
   *
   * @param update how
   */
  void apply(ParameterUpdate update);

  /**
   * {@return the gradient accumulated since the last {@link #apply}, by tensor name; new arrays}
   */
  Map<String, double[]> gradients();

  /**
   * {@return all tensors by name, running statistics included, in the architecture's order and each
   * in row-major order; new arrays}
   */
  Map<String, double[]> tensors();

  /** {@return what is remembered of updates; new arrays} */
  OptimizerState optimizerState();

  /**
   * Sets what is remembered of updates, as {@link #optimizerState()} gave it.
   *
   * @param state of every trainable parameter of this network
   * @throws IllegalArgumentException if a parameter is missing, unknown, or of another length, or
   *     there are not as many counts as the network needs
   */
  void restore(OptimizerState state);

  /** Frees native memory. Later calls that compute throw {@link IllegalStateException}. */
  @Override
  void close();

  /** The stem, run forward. */
  interface StemPass extends AutoCloseable {
    /** {@return y_0; it is closed with this pass} */
    Activation output();

    /**
     * Adds the gradient of the stem's parameters.
     *
     * @param cotangent at y_0
     */
    void backward(Activation cotangent);

    @Override
    void close();
  }

  /** One block, run forward. */
  interface StepPass extends AutoCloseable {
    /** {@return y; it is closed with this pass} */
    Activation output();

    /**
     * Pulls a cotangent back and adds the gradient of the block's parameters.
     *
     * @param cotangent at y
     * @return the cotangent at the input; the caller closes it
     */
    Activation backward(Activation cotangent);

    /**
     * Pulls cotangents back without touching any gradient.
     *
     * @param cotangents any number
     * @return one result for each; the caller closes them
     */
    List<Activation> pullBack(List<Cotangents> cotangents);

    /**
     * Adds the gradient of the block's parameters.
     *
     * @param cotangents what reaches the two sides
     */
    void addParameterGradient(Cotangents cotangents);

    @Override
    void close();
  }

  /** The head and the loss, run forward. */
  interface HeadPass extends AutoCloseable {
    /** {@return the mean loss over the batch, in nats; waits for the device} */
    double loss();

    /** {@return the logits, laid out (N, classes); a new array; waits for the device} */
    double[] logits();

    /**
     * Pulls the loss back and adds the gradient of the head's parameters.
     *
     * @return the cotangent at y_n; the caller closes it
     */
    Activation backward();

    @Override
    void close();
  }
}
