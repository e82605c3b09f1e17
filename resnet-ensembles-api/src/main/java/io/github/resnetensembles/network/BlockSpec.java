package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.RefusedValueException;
import io.github.resnetensembles.internal.Require;

/** The description of one block: layers this library knows, or a block of the user's own. */
public sealed interface BlockSpec {
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
   * A block whose layers this library knows.
   *
   * @param kind the branch's layers
   * @param width the output channels C, at least 1; a multiple of 4 for bottlenecks
   * @param stride the spatial stride of the branch and of the shortcut, 1 or 2
   * @param shortcut the skip connection
   * @param shortcutInput what the skip connection sees; {@link ShortcutInput#RAW} unless the block
   *     is a pre-activation block
   * @param leadingNorm whether a pre-activation branch begins with BatchNorm and ReLU (false only
   *     in the first block of networks that have both after the stem alone); true for other kinds
   * @param plain whether there is no skip connection
   * @param maxPool whether post is a 2x2 max-pooling of stride 2, rounding up; only for {@link
   *     BlockKind#CONV}
   * @param gain the test-time branch gain, finite
   */
  record Layered(
      BlockKind kind,
      int width,
      int stride,
      Shortcut shortcut,
      ShortcutInput shortcutInput,
      boolean leadingNorm,
      boolean plain,
      boolean maxPool,
      double gain)
      implements BlockSpec {
    /**
     * Checks that the components fit each other.
     *
     * @param kind the branch's layers
     * @param width the output channels C
     * @param stride the spatial stride of the branch and of the shortcut
     * @param shortcut the skip connection
     * @param shortcutInput what the skip connection sees
     * @param leadingNorm whether a pre-activation branch begins with BatchNorm and ReLU
     * @param plain whether there is no skip connection
     * @param maxPool whether post is a 2x2 max-pooling of stride 2
     * @param gain the test-time branch gain
     * @throws IllegalArgumentException if one is out of range or two do not fit
     */
    public Layered {
      Require.present("kind", kind);
      Require.present("shortcut", shortcut);
      Require.present("shortcutInput", shortcutInput);
      if (width < 1 || width % kind.expansion() != 0) {
        throw new RefusedValueException(
            "the width of a "
                + kind
                + " block is a positive multiple of "
                + kind.expansion()
                + ", got "
                + width);
      }
      if (stride != 1 && stride != 2) {
        throw new RefusedValueException("a block's stride is 1 or 2, got " + stride);
      }
      if (shortcutInput == ShortcutInput.ACTIVATED && !(kind.preActivation() && leadingNorm)) {
        throw new RefusedValueException(
            "only a pre-activation block that begins with BatchNorm has an activated shortcut input, got "
                + kind);
      }
      if (!leadingNorm && !kind.preActivation()) {
        throw new RefusedValueException(
            "only a pre-activation block can lack its leading BatchNorm, got " + kind);
      }
      if (maxPool && kind != BlockKind.CONV) {
        throw new RefusedValueException("only a CONV block ends in max-pooling, got " + kind);
      }
      if (plain && shortcut == Shortcut.PROJECTION) {
        throw new RefusedValueException(
            "a plain block has no projection: its stand-in when deleted is IDENTITY or zero-padding");
      }
      if (!Double.isFinite(gain)) {
        throw new RefusedValueException("a test-time gain is finite, got " + gain);
      }
      gain = Numbers.unsignedZero(gain);
    }

    /**
     * Creates an ordinary residual block: leading norm, raw shortcut input, no pooling, gain 1.
     *
     * @param kind the branch's layers
     * @param width the output channels
     * @param stride 1 or 2
     * @param shortcut the skip connection
     */
    public Layered(BlockKind kind, int width, int stride, Shortcut shortcut) {
      this(kind, width, stride, shortcut, ShortcutInput.RAW, true, false, false, 1);
    }

    /**
     * Returns this block with another shortcut.
     *
     * @param shortcut the new one
     * @return the changed copy
     */
    public Layered withShortcut(Shortcut shortcut) {
      return new Layered(
          kind, width, stride, shortcut, shortcutInput, leadingNorm, plain, maxPool, gain);
    }

    /**
     * Returns this block with another shortcut input.
     *
     * @param shortcutInput the new one
     * @return the changed copy
     */
    public Layered withShortcutInput(ShortcutInput shortcutInput) {
      return new Layered(
          kind, width, stride, shortcut, shortcutInput, leadingNorm, plain, maxPool, gain);
    }

    /**
     * Returns this block with or without its leading BatchNorm and ReLU.
     *
     * @param leadingNorm whether it has them
     * @return the changed copy
     */
    public Layered withLeadingNorm(boolean leadingNorm) {
      return new Layered(
          kind, width, stride, shortcut, shortcutInput, leadingNorm, plain, maxPool, gain);
    }

    /**
     * Returns this block as a plain or as a residual one.
     *
     * @param plain whether it has no skip connection
     * @return the changed copy
     */
    public Layered withPlain(boolean plain) {
      return new Layered(
          kind, width, stride, shortcut, shortcutInput, leadingNorm, plain, maxPool, gain);
    }

    @Override
    public Layered withGain(double gain) {
      return new Layered(
          kind, width, stride, shortcut, shortcutInput, leadingNorm, plain, maxPool, gain);
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
      if (!Double.isFinite(gain)) {
        throw new RefusedValueException("a test-time gain is finite, got " + gain);
      }
      gain = Numbers.unsignedZero(gain);
    }

    @Override
    public Opaque withGain(double gain) {
      return new Opaque(input, output, plain, gain);
    }
  }
}
