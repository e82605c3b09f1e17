package io.github.resnetensembles.network;

/** Which statistics BatchNorm normalises with. */
public enum BatchNormMode {
  /** The running statistics: each image is on its own. */
  EVAL,
  /**
   * The mean and the (biased) variance of the batch, which couple its images. Running statistics
   * are neither used nor changed.
   */
  TRAIN
}
