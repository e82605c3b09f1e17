package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.djl.internal.Kernel.Packed;
import io.github.resnetensembles.djl.internal.Layers.Channels;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.network.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings weights into the layout that oneDNN computes with, once and not in every call, by the
 * operators that PyTorch's compiler calls. They are for processors, float32 and bfloat16, and not
 * in every build of the engine.
 */
final class KernelPacking {
  /**
   * A system property, read when a network is opened: {@code false} leaves weights as they are, to
   * measure what packing them is worth.
   */
  static final String PACK = "io.github.resnetensembles.djl.packWeights";

  private static final double TOLERANCE = 1e-5;
  private static final double NARROW_TOLERANCE = 2e-2;

  private final Tensors tensors;
  private final Optional<NarrowFormat> format;
  private final Scripts.Call<NDArray> pack;

  private KernelPacking(Tensors tensors, Scripts scripts, Optional<NarrowFormat> format) {
    this.tensors = tensors;
    this.format = format;
    ScriptText text = new ScriptText();
    String weight = text.argument("weight");
    String padding = text.argument("padding", ScriptType.INTEGERS);
    String stride = text.argument("stride", ScriptType.INTEGERS);
    String dilation = text.argument("dilation", ScriptType.INTEGERS);
    String groups = text.argument("groups", ScriptType.INTEGERS);
    String input = text.argument("input", ScriptType.INTEGERS);
    String range = text.argument("range", ScriptType.INTEGERS);
    String part = text.let("torch.slice(%s, 0, %s[0], %s[1], 1)".formatted(weight, range, range));
    String cast = format.map(to -> text.let(to.narrowed(part))).orElse(part);
    this.pack =
        scripts.call(
            text,
            "ops.mkldnn._reorder_convolution_weight(%s, %s, %s, %s, %s[0], %s)"
                .formatted(Layers.channelsLast(cast), padding, stride, dilation, groups, input));
  }

  /**
   * The packing for a network's arrays.
   *
   * @param tensors of the network's weights
   * @param format the 16 bits that convolutions are computed in; empty for the weights' precision
   * @return empty where the operators are missing, are not for such arrays, do not compute what the
   *     ordinary one does, or are not wanted
   */
  static Optional<KernelPacking> find(
      Tensors tensors, Scripts scripts, Optional<NarrowFormat> format) {
    if ("false".equals(System.getProperty(PACK))) {
      return Optional.empty();
    }
    try {
      Trial trial = new Trial(tensors);
      if (!trial.suits()) {
        return Optional.empty();
      }
      KernelPacking packing = new KernelPacking(tensors, scripts, format);
      return trial.passes(packing, scripts) ? Optional.of(packing) : Optional.empty();
    } catch (RuntimeException e) {
      // The engine does not know the operators, or they refuse to work.
      return Optional.empty();
    }
  }

  /**
   * Packs a convolution's weights.
   *
   * @param weight (out, in / groups, k, k)
   * @param input the shape of its input
   * @return null for convolutions that need the ordinary operator
   */
  @Nullable Packed pack(Layer.Convolution layer, NDArray weight, FeatureShape input) {
    if (Layers.multiplies(layer, weight.getShape().get(1))) {
      return null;
    }
    List<Packed.Part> parts = new ArrayList<>();
    for (Channels channels : Layers.safeParts(layer, weight)) {
      NDArray packed = pack(layer, weight, input, channels);
      parts.add(new Packed.Part(channels, tensors.keep(packed)));
    }
    return new Packed(parts);
  }

  private NDArray pack(
      Layer.Convolution layer, NDArray weight, FeatureShape input, Channels channels) {
    int steps = layer.stride() / Layers.strideOver(layer);
    return pack.run(
        List.of(
            Argument.of(weight),
            both(layer.padding()),
            both(Layers.strideOver(layer)),
            both(layer.dilation()),
            Argument.of(new long[] {layer.groups()}),
            Argument.of(
                RunOptions.DEFAULT_BATCH_SIZE,
                input.channels(),
                (input.height() - 1) / steps + 1,
                (input.width() - 1) / steps + 1),
            Argument.of(channels.from(), channels.to())));
  }

  private static Argument both(int number) {
    return Argument.of((long) number, (long) number);
  }

  /** A small convolution, by both operators, the ordinary one in float32. */
  private static final class Trial {
    private static final FeatureShape INPUT = new FeatureShape(16, 6, 5);
    private static final Layer.Convolution LAYER = new Layer.Convolution("trial", 24, 3, 1);
    private static final int IMAGES = 2;

    private final NDArray input;
    private final NDArray weight;
    private final NDArray bias;

    Trial(Tensors tensors) {
      this.input = waves(tensors, IMAGES, INPUT.channels(), INPUT.height(), INPUT.width());
      this.weight = waves(tensors, LAYER.channels(), INPUT.channels(), 3, 3);
      this.bias = waves(tensors, LAYER.channels());
    }

    private static NDArray waves(Tensors tensors, long... shape) {
      int size = 1;
      for (long length : shape) {
        size *= Math.toIntExact(length);
      }
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = Math.sin(i);
      }
      return tensors.of(values, shape);
    }

    boolean suits() {
      return input.getDataType() == DataType.FLOAT32 && !input.getDevice().isGpu();
    }

    boolean passes(KernelPacking packing, Scripts scripts) {
      Packed packed = Objects.requireNonNull(packing.pack(LAYER, weight, INPUT));
      double[] expected = run(new Kernel.Plain(weight), Optional.empty(), packing.tensors, scripts);
      double[] computed = run(packed, packing.format, packing.tensors, scripts);
      packed.parts().forEach(part -> packing.tensors.free(part.weight()));
      double largest = 0;
      double difference = 0;
      for (int i = 0; i < expected.length; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        difference = Math.max(difference, Math.abs(expected[i] - computed[i]));
      }
      return difference <= (packing.format.isPresent() ? NARROW_TOLERANCE : TOLERANCE) * largest;
    }

    private double[] run(
        Kernel kernel, Optional<NarrowFormat> format, Tensors tensors, Scripts scripts) {
      ScriptText text = new ScriptText();
      String x = text.argument("x");
      String pixels = format.map(to -> text.let(to.narrowed(x))).orElse(x);
      String output = kernel.convolve(text, pixels, LAYER, bias);
      String result = format.isEmpty() ? output : NarrowFormat.widened(output);
      return tensors.read(scripts.call(text, result).run(input));
    }
  }
}
