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
   * @param weight (out, in, k, k)
   * @param bias (out), or null
   * @param norm BatchNorm that was not folded, or null
   * @param relu whether ReLU follows
   */
  record Convolution(
      NDArray weight,
      @Nullable NDArray bias,
      int stride,
      int padding,
      @Nullable Norm norm,
      boolean relu) {
    String write(ScriptText text, String input) {
      String pair = "[%d, %d]";
      String convolved =
          text.let(
              "torch.conv2d("
                  + input
                  + ", "
                  + text.weight(weight)
                  + ", "
                  + (bias == null ? "None" : text.weight(bias))
                  + ", "
                  + pair.formatted(stride, stride)
                  + ", "
                  + pair.formatted(padding, padding)
                  + ", [1, 1], 1)");
      String normed = norm == null ? convolved : norm.write(text, convolved);
      return relu ? text.let("torch.relu_(" + normed + ")") : normed;
    }
  }

  /** BatchNorm where it is not folded into a convolution. */
  record Norm(NDArray weight, NDArray bias, NDArray mean, NDArray variance, double epsilon) {
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

  /** A linear layer. */
  record Linear(NDArray weight, NDArray bias) {
    String write(ScriptText text, String input) {
      return text.let(
          "torch.linear(" + input + ", " + text.weight(weight) + ", " + text.weight(bias) + ")");
    }
  }

  static String channelsLast(String input) {
    return "torch.contiguous(" + input + ", memory_format=" + CHANNELS_LAST + ")";
  }

  static String maxPool(String input, int kernel, int padding, boolean roundUp) {
    return "torch.max_pool2d(%s, [%d, %d], [2, 2], [%d, %d], [1, 1], %s)"
        .formatted(input, kernel, kernel, padding, padding, roundUp ? "True" : "False");
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
