package io.github.resnetensembles.network;

/**
 * The layers of a residual branch, and the function {@code post} after the sum. Convolutions have
 * no bias; 3x3 convolutions are padded by 1.
 */
public enum BlockKind {
  /** conv3x3(stride)-BN-ReLU-conv3x3-BN, post = ReLU (He et al. 2015). */
  BASIC(false, 1, 2),
  /** conv1x1-BN-ReLU-conv3x3(stride)-BN-ReLU-conv1x1-BN with inner width C/4, post = ReLU. */
  BOTTLENECK(false, 4, 3),
  /** BN-ReLU-conv3x3(stride)-BN-ReLU-conv3x3, post = identity (He et al. 2016). */
  PRE_BASIC(true, 1, 2),
  /** BN-ReLU-conv1x1-BN-ReLU-conv3x3(stride)-BN-ReLU-conv1x1, inner width C/4, post = identity. */
  PRE_BOTTLENECK(true, 4, 3),
  /** conv3x3-BN-ReLU, post = identity or max-pooling: one unit of a VGG network. */
  CONV(false, 1, 1);

  private final boolean preActivation;
  private final int expansion;
  private final int convolutions;

  BlockKind(boolean preActivation, int expansion, int convolutions) {
    this.preActivation = preActivation;
    this.expansion = expansion;
    this.convolutions = convolutions;
  }

  /** {@return whether the branch begins with BatchNorm and ReLU and nothing follows the sum} */
  public boolean preActivation() {
    return preActivation;
  }

  /** {@return the output channels divided by the inner channels: 4 for bottlenecks, else 1} */
  public int expansion() {
    return expansion;
  }

  /** {@return the convolutions of the branch, one after another} */
  public int convolutions() {
    return convolutions;
  }
}
