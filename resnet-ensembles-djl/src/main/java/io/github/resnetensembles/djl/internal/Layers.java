package io.github.resnetensembles.djl.internal;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.resnetensembles.FeatureShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Layers as they are written into scripts, with their weights in the engine. */
final class Layers {
  /** The engine's number for the memory format (N, H, W, C). */
  private static final int CHANNELS_LAST = 2;

  private static final String NONE = "None";

  private static final int FEW_CHANNELS = 8;

  private record Connection(long in, long out) {}

  private static final Set<Connection> UNSAFE =
      Set.of(
          new Connection(256, 1024),
          new Connection(512, 1024),
          new Connection(512, 2048),
          new Connection(1024, 512),
          new Connection(1024, 2048));

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

    boolean pointwise() {
      return Layers.pointwise(weight);
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
    List<Channels> parts = safeParts(weight);
    String kernel = text.weight(weight);
    String added = bias == null ? NONE : text.weight(bias);
    if (stride == 2 && pointwise(weight)) {
      return convolve(text.let(seen(input)), kernel, added, 1, padding, parts);
    }
    return convolve(input, kernel, added, stride, padding, parts);
  }

  /**
   * The pixels that a 1x1 kernel of stride 2 sees. Its convolution is one of stride 1 of them, and
   * must be: oneDNN before 3.9 computes wrong numbers for stride 2 on some processors.
   */
  static String seen(String input) {
    return channelsLast(everySecondPixel(input));
  }

  /**
   * What a convolution makes of a cotangent at its output: for stride 1, and for a 1x1 kernel, the
   * convolution with the kernel turned around and its channel axes exchanged.
   *
   * @param input the shape of the convolution's input; asked where the stride is 2
   */
  static String transposed(
      ScriptText text,
      String cotangent,
      NDArray weight,
      int stride,
      int padding,
      FeatureShape input) {
    if (stride > 1 && !pointwise(weight)) {
      return stridedTranspose(text, cotangent, weight, stride, padding, input);
    }
    Shape shape = weight.getShape();
    List<Channels> parts = safeParts(weight, shape.get(0), shape.get(1));
    String turned = turned(text, weight);
    String pixels = text.let(convolve(cotangent, turned, NONE, 1, padding, parts));
    return stride == 1 ? pixels : spread(text, pixels, input);
  }

  /**
   * The transpose of a convolution of stride 2. The engine's is wrong on some processors where the
   * input has few channels, as images have: there it is a convolution of the cotangent with zeros
   * between its pixels.
   *
   * @param weight the convolution's own, (out, in, k, k)
   */
  static String stridedTranspose(
      ScriptText text,
      String cotangent,
      NDArray weight,
      int stride,
      int padding,
      FeatureShape input) {
    if (input.channels() < FEW_CHANNELS) {
      int channels = Math.toIntExact(weight.getShape().get(0));
      FeatureShape spread = new FeatureShape(channels, input.height(), input.width());
      String pixels = spread(text, cotangent, spread);
      return text.let(convolve(pixels, turned(text, weight), NONE, 1, padding));
    }
    // Where the stride leaves pixels over at the end of the input.
    int overHeight = (input.height() - 1) % stride;
    int overWidth = (input.width() - 1) % stride;
    return text.let(
        "torch.conv_transpose2d(%s, %s, None, %s, %s, [%s, %s], 1, [1, 1])"
            .formatted(
                cotangent,
                text.weight(weight),
                pair(stride),
                pair(padding),
                overHeight,
                overWidth));
  }

  /** The kernel turned around, its channel axes exchanged. */
  private static String turned(ScriptText text, NDArray weight) {
    return text.let(
        channelsLast("torch.flip(torch.transpose(" + text.weight(weight) + ", 0, 1), [2, 3])"));
  }

  static boolean pointwise(NDArray weight) {
    return weight.getShape().get(2) == 1;
  }

  private static String convolve(
      String input, String weight, String bias, int stride, int padding, List<Channels> parts) {
    if (parts.size() == 1) {
      return convolve(input, weight, bias, stride, padding);
    }
    return parts.stream()
        .map(
            part ->
                convolve(
                    input,
                    part.of(weight, 0),
                    bias.equals(NONE) ? NONE : part.of(bias, 0),
                    stride,
                    padding))
        .collect(joining(", ", "torch.cat([", "], 1)"));
  }

  private static String convolve(
      String input, String weight, String bias, int stride, int padding) {
    return String.format(
        Locale.ROOT,
        "torch.conv2d(%s, %s, %s, %s, %s, [1, 1], 1)",
        input,
        weight,
        bias,
        pair(stride),
        pair(padding));
  }

  /** A range of a convolution's output channels. */
  record Channels(long from, long to) {
    String of(String array, int axis) {
      return String.format(Locale.ROOT, "torch.slice(%s, %d, %d, %d, 1)", array, axis, from, to);
    }
  }

  /**
   * Cuts a convolution into parts that every processor computes. oneDNN before 3.9 divides by zero
   * while it plans a 1x1 convolution of float32 between certain numbers of channels, in its code
   * for AVX2 and AVX-512 and for some sizes and processors only; that would end the process. The
   * parts give the same bits. Its backward calls plan such convolutions too, so that no 1x1 kernel
   * is left to them as a whole.
   *
   * @param weight (out, in, k, k)
   * @return ranges of output channels
   */
  static List<Channels> safeParts(NDArray weight) {
    Shape shape = weight.getShape();
    return safeParts(weight, shape.get(1), shape.get(0));
  }

  private static List<Channels> safeParts(NDArray weight, long in, long out) {
    long step = out;
    if (pointwise(weight)
        && weight.getDataType() == DataType.FLOAT32
        && !weight.getDevice().isGpu()) {
      while (UNSAFE.contains(new Connection(in, step))) {
        step /= 2;
      }
    }
    List<Channels> parts = new ArrayList<>();
    for (long from = 0; from < out; from += step) {
      parts.add(new Channels(from, from + step));
    }
    return parts;
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
    return "[%s, %s]".formatted(number, number);
  }

  /** Keeps every second pixel. */
  static String everySecondPixel(String input) {
    String end = Long.toString(Long.MAX_VALUE);
    return "torch.slice(torch.slice(%s, 2, 0, %s, 2), 3, 0, %s, 2)".formatted(input, end, end);
  }

  /**
   * The transpose of {@link #everySecondPixel}: zeros between the pixels.
   *
   * @param input the shape without stride
   */
  static String spread(ScriptText text, String pixels, FeatureShape input) {
    String zeros =
        String.format(
            Locale.ROOT,
            "torch.new_zeros(%s, [torch.size(%s, 0), %d, %d, %d])",
            pixels,
            pixels,
            input.channels(),
            input.height(),
            input.width());
    String spread = text.let(channelsLast(zeros));
    text.let("torch.copy_(" + everySecondPixel(spread) + ", " + pixels + ")");
    return spread;
  }

  static String padChannels(String input, int before, int after) {
    return "torch.constant_pad_nd(%s, [0, 0, 0, 0, %s, %s], 0.)".formatted(input, before, after);
  }
}
