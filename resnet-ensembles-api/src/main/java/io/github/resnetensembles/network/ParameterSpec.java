package io.github.resnetensembles.network;

import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import java.util.List;

/**
 * One tensor of a network, as {@link Architecture#parameters()} lists them.
 *
 * @param name the library's own name: {@code stem.conv.weight}, {@code stem.bn.weight}, {@code
 *     blocks.7.conv1.weight}, {@code blocks.7.bn1.running_mean}, {@code
 *     blocks.7.shortcut.conv.weight}, {@code head.bn.bias}, {@code head.linear.weight} …; blocks
 *     are numbered from 1
 * @param shape as PyTorch has it: (out, in, kH, kW) for convolutions, (out, in) for linear layers,
 *     (C) for norms
 * @param role what the tensor is
 */
public record ParameterSpec(String name, List<Integer> shape, Role role) {
  /** What a tensor is. */
  public enum Role {
    /** The kernel of a convolution. */
    CONVOLUTION,
    /** The bias of a convolution. */
    CONVOLUTION_BIAS,
    /** The matrix of a linear layer. */
    LINEAR_WEIGHT,
    /** The bias of a linear layer. */
    LINEAR_BIAS,
    /** A token, or what is added to tokens. */
    EMBEDDING,
    /** A norm's scale, or a layer scale. */
    NORM_WEIGHT,
    /** A norm's shift. */
    NORM_BIAS,
    /** BatchNorm's running mean: a statistic, not trained. */
    RUNNING_MEAN,
    /** BatchNorm's running variance: a statistic, not trained; positive or zero. */
    RUNNING_VARIANCE;

    /** {@return whether gradients train it} */
    public boolean trainable() {
      return this != RUNNING_MEAN && this != RUNNING_VARIANCE;
    }
  }

  /**
   * Copies the shape.
   *
   * @param name the library's own name
   * @param shape as PyTorch has it
   * @param role what the tensor is
   */
  public ParameterSpec {
    shape = List.copyOf(shape);
    Require.present("name", name);
    String unused = Names.require("the name of a parameter", name, Names.MAX_KEPT);
    Require.present("role", role);
  }

  /** {@return the number of the block that it belongs to, from 1; 0 in stem and head} */
  public int block() {
    return name.matches("blocks\\.[0-9]{1,9}\\..*")
        ? Integer.parseInt(name.substring(7, name.indexOf('.', 7)))
        : 0;
  }

  /** {@return the number of values} */
  public long count() {
    long count = 1;
    for (int size : shape) {
      count *= size;
    }
    return count;
  }
}
