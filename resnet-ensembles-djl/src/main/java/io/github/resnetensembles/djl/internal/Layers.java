package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/** Layers as they are written into scripts, with their weights in the engine. */
final class Layers {
  /** The engine's number for the memory format (N, H, W, C). */
  private static final int CHANNELS_LAST = 2;

  private Layers() {}

  /**
   * A convolution, BatchNorm folded in.
   *
   * @param name of its tensors
   * @param normName of the tensors of the BatchNorm after it, or null if none follows
   * @param weight (out, in, k, k)
   * @param bias (out), or null
   * @param norm BatchNorm that was not folded, or null
   * @param relu whether ReLU follows
   */
  record Convolution(
      String name,
      @Nullable String normName,
      NDArray weight,
      @Nullable NDArray bias,
      int stride,
      int padding,
      @Nullable Norm norm,
      boolean relu) {
    String write(ScriptText text, String input) {
      String convolved = writeConvolution(text, input);
      String normed = norm == null ? convolved : norm.write(text, convolved);
      return relu ? text.let("torch.relu_(" + normed + ")") : normed;
    }

    /** Writes the convolution alone. */
    String writeConvolution(ScriptText text, String input) {
      return text.let(convolve(text, input, weight, bias, stride, padding));
    }
  }

  static String convolve(
      ScriptText text,
      String input,
      NDArray weight,
      @Nullable NDArray bias,
      int stride,
      int padding) {
    return "torch.conv2d("
        + input
        + ", "
        + text.weight(weight)
        + ", "
        + (bias == null ? "None" : text.weight(bias))
        + ", "
        + pair(stride)
        + ", "
        + pair(padding)
        + ", [1, 1], 1)";
  }

  /**
   * BatchNorm where it is not folded into a convolution.
   *
   * @param name of its tensors
   */
  record Norm(
      String name, NDArray weight, NDArray bias, NDArray mean, NDArray variance, double epsilon) {
    String write(ScriptText text, String input) {
      return text.let(
          "torch.batch_norm("
              + input
              + ", "
              + text.weight(weight)
              + ", "
              + text.weight(bias)
              + ", "
              + text.weight(mean)
              + ", "
              + text.weight(variance)
              + ", False, 0., "
              + epsilon
              + ", True)");
    }

    /** Followed by ReLU. */
    String writeRelu(ScriptText text, String input) {
      return text.let("torch.relu_(" + write(text, input) + ")");
    }
  }

  /**
   * A linear layer, BatchNorm folded in.
   *
   * @param name of its tensors
   * @param normName of the tensors of the BatchNorm after it, or null if none follows
   * @param weight (out, in)
   * @param bias (out)
   */
  record Linear(String name, @Nullable String normName, NDArray weight, NDArray bias) {
    String write(ScriptText text, String input) {
      return text.let(
          "torch.linear(" + input + ", " + text.weight(weight) + ", " + text.weight(bias) + ")");
    }
  }

  static String channelsLast(String input) {
    return "torch.contiguous(" + input + ", memory_format=" + CHANNELS_LAST + ")";
  }

  static String maxPool(String input, int kernel, int padding, boolean roundUp) {
    return "torch.max_pool2d(" + input + poolSizes(kernel, padding, roundUp) + ")";
  }

  /** The arguments that pooling forward and backward have in common; the stride is 2. */
  static String poolSizes(int kernel, int padding, boolean roundUp) {
    return ", %s, [2, 2], %s, [1, 1], %s"
        .formatted(pair(kernel), pair(padding), roundUp ? "True" : "False");
  }

  /** The same number for height and width. */
  static String pair(int number) {
    return "[%d, %d]".formatted(number, number);
  }

  /** Keeps every second pixel. */
  static String everySecondPixel(String input) {
    String end = Long.toString(Long.MAX_VALUE);
    return "torch.slice(torch.slice(%s, 2, 0, %s, 2), 3, 0, %s, 2)".formatted(input, end, end);
  }

  static String padChannels(String input, int before, int after) {
    return "torch.constant_pad_nd(%s, [0, 0, 0, 0, %d, %d], 0.)".formatted(input, before, after);
  }
}
