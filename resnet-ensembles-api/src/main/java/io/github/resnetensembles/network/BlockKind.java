package io.github.resnetensembles.network;

import com.google.common.collect.ImmutableList;

/**
 * The layers of the usual residual branches, and the function {@code post} after the sum.
 * Convolutions are padded by half their kernels.
 */
public enum BlockKind {
  /** conv3x3(stride)-BN-ReLU-conv3x3-BN, post = ReLU (He et al. 2015). */
  BASIC(false, 1, 3, 3),
  /** conv1x1-BN-ReLU-conv3x3(stride)-BN-ReLU-conv1x1-BN with inner width C/4, post = ReLU. */
  BOTTLENECK(false, 4, 1, 3, 1),
  /** BN-ReLU-conv3x3(stride)-BN-ReLU-conv3x3, post = identity (He et al. 2016). */
  PRE_BASIC(true, 1, 3, 3),
  /** BN-ReLU-conv1x1-BN-ReLU-conv3x3(stride)-BN-ReLU-conv1x1, inner width C/4, post = identity. */
  PRE_BOTTLENECK(true, 4, 1, 3, 1),
  /** conv3x3-BN-ReLU, post = identity or max-pooling: one unit of a VGG network. */
  CONV(false, 1, 3);

  private final boolean preActivation;
  private final int expansion;
  private final ImmutableList<Integer> kernels;

  BlockKind(boolean preActivation, int expansion, Integer... kernels) {
    this.preActivation = preActivation;
    this.expansion = expansion;
    this.kernels = ImmutableList.copyOf(kernels);
  }

  /** {@return whether the branch begins with BatchNorm and ReLU and nothing follows the sum} */
  public boolean preActivation() {
    return preActivation;
  }

  /** {@return the output channels divided by the inner channels: 4 for bottlenecks, else 1} */
  public int expansion() {
    return expansion;
  }

  /** The sizes of the branch's kernels, in order. */
  ImmutableList<Integer> kernels() {
    return kernels;
  }
}
