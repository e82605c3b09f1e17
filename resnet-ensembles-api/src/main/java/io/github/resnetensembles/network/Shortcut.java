package io.github.resnetensembles.network;

/** What the skip connection of a block does. */
public enum Shortcut {
  /** Nothing: input and output have one shape. */
  IDENTITY,
  /**
   * Keeps every stride-th pixel and pads the new channels with zeros, half of them before and half
   * after (the smaller half before): option A as common PyTorch code has it.
   */
  ZERO_PAD_EVEN,
  /**
   * Keeps every stride-th pixel and pads all new channels with zeros after the old ones: option A.
   */
  ZERO_PAD_END,
  /** A 1x1 convolution with the block's stride, then BatchNorm: option B. */
  PROJECTION;

  /** {@return whether this is one of the two zero-padding kinds} */
  public boolean zeroPadding() {
    return this == ZERO_PAD_EVEN || this == ZERO_PAD_END;
  }
}
