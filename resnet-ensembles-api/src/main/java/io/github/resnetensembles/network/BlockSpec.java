package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import java.util.List;

/** The description of one block: layers this library knows, or a block of the user's own. */
public sealed interface BlockSpec {
  /**
   * Starts the description of one of the usual blocks: stride 1, an identity shortcut, gain 1.
   *
   * @param kind the branch's layers, and what follows the sum
   * @param width the output channels C, at least 1
   * @return a builder
   */
  static Builder builder(BlockKind kind, int width) {
    return BlockBuilder.create(kind, width);
  }

  /**
   * One of the usual blocks, with everything else as {@link #builder} has it.
   *
   * @param kind the branch's layers, and what follows the sum
   * @param width the output channels C; a positive multiple of 4 for bottlenecks
   * @param stride the spatial stride of the branch and of the shortcut
   * @param shortcut the skip connection
   * @return the block
   * @throws IllegalArgumentException if a number is out of range
   */
  static Layered of(BlockKind kind, int width, int stride, Shortcut shortcut) {
    return builder(kind, width).stride(stride).shortcut(shortcut).build();
  }

  /**
   * {@return whether the block has no skip connection: intact, it gives post(f(x)); deleted, it
   * gives post(s(x)), its shortcut standing in}
   */
  boolean plain();

  /**
   * {@return the test-time branch gain: 1, or the survival probability of a block trained with
   * stochastic depth whose branch is multiplied at test time}
   */
  double gain();

  /**
   * Returns this block with another test-time gain.
   *
   * @param gain finite, see {@link #gain()}
   * @return the changed copy
   */
  BlockSpec withGain(double gain);

  /**
   * Returns this block as a plain or as a residual one.
   *
   * @param plain whether it has no skip connection
   * @return the changed copy
   */
  BlockSpec withPlain(boolean plain);

  /**
   * A block whose layers this library knows: y = post(skip(lead(x)) + gain · branch(lead(x))). No
   * layers are the identity.
   *
   * @param lead what skip connection and branch both see the input through
   * @param branch the residual branch, at least one layer
   * @param skip the skip connection; in a plain block what stands in for it when the block is
   *     deleted, without tensors
   * @param post what follows the sum
   * @param plain whether there is no skip connection
   * @param gain the test-time branch gain, finite
   */
  record Layered(
      List<Layer> lead,
      List<Layer> branch,
      List<Layer> skip,
      List<Layer> post,
      boolean plain,
      double gain)
      implements BlockSpec {
    /**
     * Copies the lists.
     *
     * @param lead what skip connection and branch both see the input through
     * @param branch the residual branch
     * @param skip the skip connection
     * @param post what follows the sum
     * @param plain whether there is no skip connection
     * @param gain the test-time branch gain
     * @throws IllegalArgumentException if there is no branch or the gain is not finite
     */
    public Layered {
      lead = List.copyOf(lead);
      branch = List.copyOf(branch);
      skip = List.copyOf(skip);
      post = List.copyOf(post);
      Require.notEmpty("the layers of a branch", branch);
      gain = finite(gain);
    }

    /**
     * {@return whether it is a pre-activation block: the branch ends in a convolution and nothing
     * follows the sum}
     */
    public boolean preActivation() {
      return post.isEmpty() && branch.get(branch.size() - 1) instanceof Layer.Convolution;
    }

    @Override
    public Layered withPlain(boolean plain) {
      return new Layered(lead, branch, skip, post, plain, gain);
    }

    @Override
    public Layered withGain(double gain) {
      return new Layered(lead, branch, skip, post, plain, gain);
    }
  }

  /**
   * A block of the user's own, known by its shapes only. Its skip connection is the identity or a
   * function of the user's.
   *
   * @param input the shape of its input
   * @param output the shape of its output
   * @param plain whether there is no skip connection
   * @param gain the test-time branch gain, finite
   */
  record Opaque(FeatureShape input, FeatureShape output, boolean plain, double gain)
      implements BlockSpec {
    /**
     * Checks the gain.
     *
     * @param input the shape of its input
     * @param output the shape of its output
     * @param plain whether there is no skip connection
     * @param gain the test-time branch gain
     * @throws IllegalArgumentException if it is not finite
     */
    public Opaque {
      Require.present("input", input);
      Require.present("output", output);
      gain = finite(gain);
    }

    @Override
    public Opaque withPlain(boolean plain) {
      return new Opaque(input, output, plain, gain);
    }

    @Override
    public Opaque withGain(double gain) {
      return new Opaque(input, output, plain, gain);
    }
  }

  private static double finite(double gain) {
    Require.finite("a test-time gain", gain);
    return Numbers.unsignedZero(gain);
  }

  /** A block of a usual kind in the making. Immutable: every setting returns a changed copy. */
  interface Builder {
    /**
     * Sets the spatial stride of the branch and of the shortcut. In a branch of three convolutions
     * the second has it, else the first.
     *
     * @param stride at least 1
     * @return the changed copy
     */
    Builder stride(int stride);

    /**
     * Sets the skip connection.
     *
     * @param shortcut the new one
     * @return the changed copy
     */
    Builder shortcut(Shortcut shortcut);

    /**
     * Sets what the skip connection of a pre-activation block sees: {@link ShortcutInput#RAW} at
     * first.
     *
     * @param shortcutInput raw or activated
     * @return the changed copy
     */
    Builder shortcutInput(ShortcutInput shortcutInput);

    /**
     * Sets whether a projection ends in BatchNorm: true at first. Without it, the convolution has a
     * bias only if {@link #bias} is set.
     *
     * @param projectionNorm whether it does
     * @return the changed copy
     */
    Builder projectionNorm(boolean projectionNorm);

    /**
     * Sets whether a pre-activation branch begins with BatchNorm and ReLU: true at first, false
     * only in the first block of networks that have both after the stem alone.
     *
     * @param leadingNorm whether it does
     * @return the changed copy
     */
    Builder leadingNorm(boolean leadingNorm);

    /**
     * Sets the channels between the branch's convolutions: at first the width, a quarter of it in
     * bottlenecks. Wide ResNets and ResNeXts have others.
     *
     * @param innerWidth at least 1
     * @return the changed copy
     */
    Builder innerWidth(int innerWidth);

    /**
     * Sets the number of groups of the 3x3 convolution of a bottleneck (ResNeXt): 1 at first.
     *
     * @param groups a divisor of the inner width
     * @return the changed copy
     */
    Builder groups(int groups);

    /**
     * Sets the dilation of the 3x3 convolutions: 1 at first.
     *
     * @param dilation at least 1
     * @return the changed copy
     */
    Builder dilation(int dilation);

    /**
     * Sets whether convolutions have a bias: false at first.
     *
     * @param bias whether they do
     * @return the changed copy
     */
    Builder bias(boolean bias);

    /**
     * Sets whether a {@link BlockKind#CONV} block ends in 2x2 max-pooling of stride 2, rounding up.
     *
     * @param maxPool whether it does
     * @return the changed copy
     */
    Builder maxPool(boolean maxPool);

    /**
     * Sets whether there is no skip connection.
     *
     * @param plain true for a plain block
     * @return the changed copy
     */
    Builder plain(boolean plain);

    /**
     * Sets the test-time branch gain.
     *
     * @param gain finite, see {@link BlockSpec#gain()}
     * @return the changed copy
     */
    Builder gain(double gain);

    /**
     * Makes the block.
     *
     * @return the block
     * @throws IllegalArgumentException if a setting is out of range or two do not fit
     */
    Layered build();
  }
}
