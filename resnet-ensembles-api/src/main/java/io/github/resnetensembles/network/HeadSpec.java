package io.github.resnetensembles.network;

import io.github.resnetensembles.internal.RefusedValueException;
import io.github.resnetensembles.internal.Require;

/**
 * The layers after the last block, from y_n to the logits.
 *
 * @param kind the layers
 * @param hidden the hidden width of {@link Kind#HIDDEN_LINEAR}, at least 1 there; 0 elsewhere
 * @param classes the number of logits, at least 2
 */
public record HeadSpec(Kind kind, int hidden, int classes) {
  /** The known heads. */
  public enum Kind {
    /** Global average pooling, then a linear layer: post-activation and plain networks. */
    POOL_LINEAR,
    /** BatchNorm, ReLU, global average pooling, linear: pre-activation networks. */
    NORM_POOL_LINEAR,
    /** Flatten, linear, BatchNorm, ReLU, linear: VGG. */
    HIDDEN_LINEAR,
    /** The user's own. */
    OPAQUE
  }

  /**
   * Checks the sizes.
   *
   * @param kind the layers
   * @param hidden the hidden width of {@link Kind#HIDDEN_LINEAR}
   * @param classes the number of logits
   * @throws IllegalArgumentException if {@code classes} is below 2 or {@code hidden} does not fit
   *     the kind
   */
  public HeadSpec {
    Require.present("kind", kind);
    Require.atLeast(0, "hidden", hidden);
    if (classes < 2) {
      throw new RefusedValueException("a head has at least 2 classes, got " + classes);
    }
    if ((kind == Kind.HIDDEN_LINEAR) != (hidden > 0)) {
      throw new RefusedValueException(
          "a hidden width is given for HIDDEN_LINEAR and only there, got "
              + hidden
              + " for "
              + kind);
    }
  }
}
