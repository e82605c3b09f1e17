package io.github.resnetensembles.network;

import io.github.resnetensembles.internal.RefusedValueException;
import io.github.resnetensembles.internal.Require;

/**
 * The layers before block 1; their output is y_0.
 *
 * @param kind the convolution, and the pooling after it
 * @param width the output channels, at least 1
 * @param batchNorm whether BatchNorm and ReLU follow the convolution. True for every preset; a
 *     pre-activation network may leave them to block 1 (then false)
 */
public record StemSpec(Kind kind, int width, boolean batchNorm) {
  /** The known stems. */
  public enum Kind {
    /** A 3x3 convolution of stride 1, no pooling: CIFAR networks. */
    CONV_3X3,
    /** A 7x7 convolution of stride 2, then 3x3 max-pooling of stride 2: ImageNet networks. */
    CONV_7X7_MAX_POOL,
    /** The user's own, known by its output's shape only. */
    OPAQUE
  }

  /**
   * Checks the width.
   *
   * @param kind the convolution
   * @param width the output channels
   * @param batchNorm whether BatchNorm and ReLU follow the convolution
   * @throws IllegalArgumentException if {@code width} is below 1
   */
  public StemSpec {
    Require.present("kind", kind);
    if (width < 1) {
      throw new RefusedValueException("a stem's width is at least 1, got " + width);
    }
  }
}
