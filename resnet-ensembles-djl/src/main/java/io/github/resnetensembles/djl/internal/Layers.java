package io.github.resnetensembles.djl.internal;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What layers write into scripts. */
final class Layers {
  /** The engine's number for the memory format (N, H, W, C). */
  private static final int CHANNELS_LAST = 2;

  /** No bias. */
  static final String NONE = "None";

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

  /** Writes a convolution; at a stride a 1x1 kernel sees only the pixels that it steps on. */
  static String convolve(
      ScriptText text,
      String input,
      Layer.Convolution layer,
      NDArray weight,
      @Nullable NDArray bias) {
    return convolveSeen(
        text,
        pixelsFor(text, input, layer),
        layer,
        Weight.of(text, weight),
        bias == null ? NONE : text.weight(bias));
  }

  /** The pixels that a convolution is given: of a 1x1 kernel's input those that it steps on. */
  static String pixelsFor(ScriptText text, String input, Layer.Convolution layer) {
    boolean steps = layer.pointwise() && layer.stride() > 1;
    return steps ? text.let(seen(input, layer.stride())) : input;
  }

  /** {@return the stride over {@link #pixelsFor the pixels that a convolution is given}} */
  static int strideOver(Layer.Convolution layer) {
    return layer.pointwise() ? 1 : layer.stride();
  }

  /**
   * A convolution's weights in a script.
   *
   * @param array (out, in / groups, k, k)
   * @param value the script's: the array, or the array in another format
   */
  record Weight(NDArray array, String value) {
    static Weight of(ScriptText text, NDArray array) {
      return new Weight(array, text.weight(array));
    }
  }

  /**
   * As {@link #convolve}, of what {@link #seen} gives where the kernel is 1x1.
   *
   * @param bias the script's value, or {@link #NONE}
   */
  static String convolveSeen(
      ScriptText text, String input, Layer.Convolution layer, Weight weight, String bias) {
    return text.let(
        convolve(
            input,
            weight.value(),
            bias,
            layer,
            strideOver(layer),
            weight.array().getShape().get(1),
            safeParts(layer, weight.array())));
  }

  /**
   * The pixels that a 1x1 kernel sees at a stride. Its convolution is one of stride 1 of them, and
   * must be: oneDNN before 3.9 computes wrong numbers for stride 2 on some processors.
   */
  static String seen(String input, int stride) {
    return channelsLast(everyPixel(input, stride));
  }

  /**
   * What a convolution makes of a cotangent at its output: for stride 1, and for a 1x1 kernel, the
   * convolution with the kernel turned around and its channel axes exchanged.
   *
   * @param weight the convolution's own
   * @param input the shape of the convolution's input
   */
  static String transposed(
      ScriptText text,
      String cotangent,
      Layer.Convolution layer,
      Weight weight,
      FeatureShape input) {
    if (!turns(layer)) {
      return stridedTranspose(text, cotangent, layer, weight, input);
    }
    String turned = text.let(channelsLast(turned(weight.value(), layer, input)));
    return pulledBack(
        text,
        cotangent,
        layer,
        turned,
        input,
        safeParts(layer, weight.array(), layer.channels(), input.channels()));
  }

  /**
   * As {@link #transposed}, with a kernel that was turned before.
   *
   * @param turned see {@link #turned}
   */
  static String pulledBack(
      ScriptText text,
      String cotangent,
      Layer.Convolution layer,
      NDArray turned,
      FeatureShape input) {
    return pulledBack(
        text,
        cotangent,
        layer,
        text.weight(turned),
        input,
        safeParts(layer, turned, layer.channels(), input.channels()));
  }

  private static String pulledBack(
      ScriptText text,
      String cotangent,
      Layer.Convolution layer,
      String turned,
      FeatureShape input,
      List<Channels> parts) {
    String pixels = text.let(transpose(cotangent, turned, layer, input, parts));
    return layer.stride() == 1 ? pixels : spread(text, pixels, layer.stride(), input);
  }

  /** {@return whether the transpose is a convolution with the kernel turned around} */
  static boolean turns(Layer.Convolution layer) {
    return layer.stride() == 1 || layer.pointwise();
  }

  /** The convolution that is the transpose of one of stride 1. */
  private static String transpose(
      String cotangent,
      String turned,
      Layer.Convolution layer,
      FeatureShape input,
      List<Channels> parts) {
    Layer.Convolution transpose =
        new Layer.Convolution(
            layer.name(),
            input.channels(),
            layer.kernel(),
            1,
            layer.dilation() * (layer.kernel() - 1) - layer.padding(),
            layer.dilation(),
            layer.groups(),
            false);
    int seen = layer.channels() / layer.groups();
    return convolve(cotangent, turned, NONE, transpose, 1, seen, parts);
  }

  /**
   * The transpose of a strided convolution. The engine's is wrong on some processors where the
   * input has few channels, as images have: there it is a convolution of the cotangent with zeros
   * between its pixels.
   *
   * @param weight the convolution's own, (out, in / groups, k, k)
   */
  static String stridedTranspose(
      ScriptText text,
      String cotangent,
      Layer.Convolution layer,
      Weight weight,
      FeatureShape input) {
    int reach = 2 * layer.padding() - layer.dilation() * (layer.kernel() - 1);
    // What the same convolution would give without its stride.
    int height = input.height() + reach;
    int width = input.width() + reach;
    int stride = layer.stride();
    if (input.channels() / layer.groups() < FEW_CHANNELS) {
      FeatureShape unstrided = new FeatureShape(layer.channels(), height, width);
      String pixels = spread(text, cotangent, stride, unstrided);
      String turned = text.let(channelsLast(turned(weight.value(), layer, input)));
      List<Channels> whole = List.of(new Channels(0, input.channels()));
      return text.let(transpose(pixels, turned, layer, input, whole));
    }
    // Where the stride leaves pixels over at the end of the input.
    return text.let(
        "torch.conv_transpose2d(%s, %s, None, %s, %s, [%s, %s], %s, %s)"
            .formatted(
                cotangent,
                weight.value(),
                pair(stride),
                pair(layer.padding()),
                (height - 1) % stride,
                (width - 1) % stride,
                layer.groups(),
                pair(layer.dilation())));
  }

  /** The kernel turned around, the channel axes of each group exchanged. */
  static String turned(String weight, Layer.Convolution layer, FeatureShape input) {
    int groups = layer.groups();
    String exchanged = "torch.transpose(" + weight + ", 0, 1)";
    if (groups > 1) {
      int k = layer.kernel();
      int in = input.channels();
      int out = layer.channels();
      exchanged =
          "torch.reshape(torch.transpose(torch.reshape(%s, [%s, %s, %s, %s, %s]), 1, 2), [%s, %s, %s, %s])"
              .formatted(weight, groups, out / groups, in / groups, k, k, in, out / groups, k, k);
    }
    return "torch.flip(" + exchanged + ", [2, 3])";
  }

  /**
   * One convolution, in parts of its output channels. Where each output sees one input of several
   * outputs, the memory format is (N, C, H, W) meanwhile: in the other one oneDNN before 3.9 gives
   * wrong numbers.
   *
   * @param seen how many input channels each output sees
   */
  private static String convolve(
      String input,
      String weight,
      String bias,
      Layer.Convolution layer,
      int stride,
      long seen,
      List<Channels> parts) {
    boolean multiplies = multiplies(layer, seen);
    String pixels = multiplies ? "torch.contiguous(" + input + ", memory_format=0)" : input;
    String settings = settings(layer, stride);
    String convolved =
        parts.size() == 1
            ? convolve(pixels, weight, bias, settings)
            : parts.stream()
                .map(
                    part ->
                        convolve(
                            pixels,
                            part.of(weight, 0),
                            bias.equals(NONE) ? NONE : part.of(bias, 0),
                            settings))
                .collect(joining(", ", "torch.cat([", "], 1)"));
    return multiplies ? channelsLast(convolved) : convolved;
  }

  /**
   * {@return whether each output sees one input of several outputs}
   *
   * @param seen how many input channels each output sees
   */
  static boolean multiplies(Layer.Convolution layer, long seen) {
    return layer.groups() > 1 && layer.channels() > layer.groups() && seen == 1;
  }

  private static String convolve(String input, String weight, String bias, String settings) {
    return "torch.conv2d(%s, %s, %s, %s)".formatted(input, weight, bias, settings);
  }

  /** Stride, padding, dilation and groups as the engine takes them. */
  private static String settings(Layer.Convolution layer, int stride) {
    return "%s, %s, %s, %s"
        .formatted(pair(stride), pair(layer.padding()), pair(layer.dilation()), layer.groups());
  }

  /** A range of a convolution's output channels. */
  record Channels(long from, long to) {
    String of(String array, int axis) {
      return "torch.slice(%s, %s, %s, %s, 1)".formatted(array, axis, from, to);
    }
  }

  /**
   * Cuts a convolution into parts that every processor computes. oneDNN before 3.9 divides by zero
   * while it plans a 1x1 convolution of float32 between certain numbers of channels, in its code
   * for AVX2 and AVX-512 and for some sizes and processors only; that would end the process.
   * Convolutions of 16 bits, whose plans have the same origin, are cut alike. The parts give the
   * same bits. Its backward calls plan such convolutions too, so that no 1x1 kernel is left to them
   * as a whole.
   *
   * @param weight (out, in / groups, k, k)
   * @return ranges of output channels
   */
  static List<Channels> safeParts(Layer.Convolution layer, NDArray weight) {
    return safeParts(layer, weight, weight.getShape().get(1), layer.channels());
  }

  private static List<Channels> safeParts(
      Layer.Convolution layer, NDArray weight, long in, long out) {
    long step = out;
    if (layer.pointwise()
        && layer.groups() == 1
        && weight.getDataType() != DataType.FLOAT64
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
    /**
     * A layer's.
     *
     * @param epsilon the network's
     */
    static Norm of(PlacedLayer placed, Function<String, NDArray> arrays, double epsilon) {
      return new Norm(
          placed.name(),
          arrays.apply(placed.tensor("weight")),
          arrays.apply(placed.tensor("bias")),
          arrays.apply(placed.tensor("running_mean")),
          arrays.apply(placed.tensor("running_var")),
          ((Layer.BatchNorm) placed.layer()).epsilon().orElse(epsilon));
    }

    String write(ScriptText text, String input) {
      return text.let(
          "torch.batch_norm(%s, %s, %s, %s, %s, False, 0., %s, True)"
              .formatted(
                  input,
                  text.weight(weight),
                  text.weight(bias),
                  text.weight(mean),
                  text.weight(variance),
                  epsilon));
    }
  }

  static String channelsLast(String input) {
    return "torch.contiguous(" + input + ", memory_format=" + CHANNELS_LAST + ")";
  }

  /** The arguments that pooling forward and backward have in common. */
  static String poolSizes(Layer.MaxPool pool) {
    return ", %s, %s, %s, [1, 1], %s"
        .formatted(
            pair(pool.kernel()),
            pair(pool.stride()),
            pair(pool.padding()),
            pool.roundUp() ? "True" : "False");
  }

  /** The same number for height and width. */
  static String pair(int number) {
    return "[%s, %s]".formatted(number, number);
  }

  /** Keeps every stride-th pixel. */
  static String everyPixel(String input, int stride) {
    String end = Long.toString(Long.MAX_VALUE);
    return "torch.slice(torch.slice(%s, 2, 0, %s, %s), 3, 0, %s, %s)"
        .formatted(input, end, stride, end, stride);
  }

  /**
   * The transpose of {@link #everyPixel}: zeros between the pixels.
   *
   * @param input the shape without stride
   */
  static String spread(ScriptText text, String pixels, int stride, FeatureShape input) {
    String zeros =
        "torch.new_zeros(%s, [torch.size(%s, 0), %s, %s, %s])"
            .formatted(pixels, pixels, input.channels(), input.height(), input.width());
    String spread = text.let(channelsLast(zeros));
    text.let("torch.copy_(" + everyPixel(spread, stride) + ", " + pixels + ")");
    return spread;
  }

  static String padChannels(String input, int before, int after) {
    return "torch.constant_pad_nd(%s, [0, 0, 0, 0, %s, %s], 0.)".formatted(input, before, after);
  }
}
