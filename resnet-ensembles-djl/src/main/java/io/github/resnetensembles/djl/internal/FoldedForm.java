package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.DerivableLayers.FixedNorm;
import io.github.resnetensembles.djl.internal.DerivableLayers.FoldedConvolution;
import io.github.resnetensembles.djl.internal.DerivableLayers.FoldedLinear;
import io.github.resnetensembles.djl.internal.DerivableLayers.OnRows;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Layers with BatchNorm folded in wherever that is exact, their weights brought into the engine:
 * the fastest evaluation and Jacobians, without gradients of parameters.
 */
final class FoldedForm implements LayerForm {
  /**
   * A system property, read when a network is opened: {@code false} leaves BatchNorm beside the
   * convolutions, to measure what folding it is worth.
   */
  static final String FOLD = "io.github.resnetensembles.djl.foldBatchNorm";

  private final boolean fold = !"false".equals(System.getProperty(FOLD));
  private final Folding weights;
  private final double epsilon;
  private final Tensors parameters;
  private final Scripts.Call<NDArray> arrange;
  private final Transposes transposes;
  private final Optional<NarrowFormat> format;
  private final Optional<Scripts.Call<NDArray>> narrow;
  private final Optional<KernelPacking> packing;

  /**
   * Creates the form.
   *
   * @param arrange brings an array into the memory format that convolutions are fastest in
   * @param format the 16 bits that convolutions are computed in; empty for the arrays' precision
   */
  FoldedForm(
      Weights weights,
      Tensors parameters,
      Scripts scripts,
      Scripts.Call<NDArray> arrange,
      Optional<NarrowFormat> format) {
    this.weights = new Folding(weights);
    this.epsilon = weights.architecture().batchNormEpsilon();
    this.parameters = parameters;
    this.arrange = arrange;
    this.transposes = new Transposes(parameters, scripts);
    this.format = format;
    this.narrow =
        format.map(
            to -> {
              ScriptText text = new ScriptText();
              return scripts.call(text, to.narrowed(text.argument("x")));
            });
    this.packing = KernelPacking.find(parameters, scripts, format);
  }

  @Override
  public LayerChain chain(List<PlacedLayer> layers) {
    List<DerivableLayer> chain = new ArrayList<>();
    @Nullable NDArray before = null;
    boolean rows = false;
    Casts casts = new Casts(format, layers);
    for (int i = 0; i < layers.size(); i++) {
      PlacedLayer placed = layers.get(i);
      casts.before(i, chain);
      PlacedLayer norm = is(layers, i + 1, Layer.BatchNorm.class) ? layers.get(i + 1) : null;
      if (placed.layer() instanceof Layer.Convolution) {
        PlacedLayer folded = fold ? norm : null;
        chain.add(onRows(rows, placed, convolution(placed, folded, before)));
        before = null;
        i += folded == null ? 0 : 1;
      } else if (placed.layer() instanceof Layer.Linear) {
        chain.add(linear(placed, norm));
        i += norm == null ? 0 : 1;
      } else if (placed.layer() instanceof Layer.BatchNorm) {
        // Its scale goes into the transpose of a convolution behind the ReLU, which has one anyway.
        boolean taken = is(layers, i + 1, Layer.Relu.class) && takesScale(layers, i + 2);
        FixedNorm written = norm(placed, taken);
        chain.add(onRows(rows, placed, written));
        before = taken ? written.scale() : null;
      } else {
        DerivableLayer written = DerivableLayers.of(placed, this::kept);
        chain.add(onRows(rows && !DerivableLayers.takesRows(placed.layer()), placed, written));
      }
      rows |= DerivableLayers.givesRows(placed.layer());
    }
    casts.before(layers.size(), chain);
    return new LayerChain(chain);
  }

  private static DerivableLayer onRows(boolean rows, PlacedLayer placed, DerivableLayer layer) {
    return rows ? new OnRows(placed, layer) : layer;
  }

  private static boolean is(List<PlacedLayer> layers, int at, Class<? extends Layer> kind) {
    return at < layers.size() && kind.isInstance(layers.get(at).layer());
  }

  private static boolean takesScale(List<PlacedLayer> layers, int at) {
    return at < layers.size()
        && layers.get(at).layer() instanceof Layer.Convolution convolution
        && convolution.groups() == 1;
  }

  private FoldedConvolution convolution(
      PlacedLayer placed, @Nullable PlacedLayer norm, @Nullable NDArray before) {
    Layer.Convolution layer = (Layer.Convolution) placed.layer();
    Folding.Layer values = values(placed, norm);
    Kernel kernel =
        packing
            .<Kernel>flatMap(packer -> packed(packer, layer, values, placed.input()))
            .orElseGet(() -> new Kernel.Plain(parameters.keep(ofFormat(arranged(values)))));
    // Only derivatives need the weights of a packed kernel, or of 16 bits, as they are.
    Supplier<NDArray> weight =
        kernel instanceof Kernel.Plain plain && format.isEmpty()
            ? plain::weight
            : () -> arranged(values(placed, norm));
    NDArray bias = null;
    if (norm != null || layer.bias()) {
      bias = parameters.of(values.bias(), layer.channels());
      // The ordinary operator takes weights and bias of one type only.
      bias = parameters.keep(kernel instanceof Kernel.Plain ? ofFormat(bias) : bias);
    }
    return new FoldedConvolution(
        layer,
        placed.input(),
        kernel,
        bias,
        transposes.kernel(layer, placed.input(), weight, before));
  }

  /** An array in the format that convolutions are computed in. */
  private NDArray ofFormat(NDArray array) {
    return narrow.map(call -> call.run(array)).orElse(array);
  }

  /** A convolution's weight and bias, or those of the convolution with a BatchNorm behind it. */
  private Folding.Layer values(PlacedLayer convolution, @Nullable PlacedLayer norm) {
    boolean bias = ((Layer.Convolution) convolution.layer()).bias();
    return norm == null
        ? weights.layer(convolution.name(), bias)
        : weights.fold(convolution.name(), norm.name(), epsilonOf(norm), bias);
  }

  private Optional<Kernel> packed(
      KernelPacking packer, Layer.Convolution layer, Folding.Layer values, FeatureShape input) {
    try (NDArray weight = Tensors.closedOnce(arranged(values))) {
      return Optional.ofNullable(packer.pack(layer, weight, input));
    }
  }

  private DerivableLayer linear(PlacedLayer placed, @Nullable PlacedLayer norm) {
    if (norm == null) {
      return new FoldedLinear(kept(placed.tensor("weight")), kept(placed.tensor("bias")));
    }
    Folding.Layer folded = weights.fold(placed.name(), norm.name(), epsilonOf(norm), true);
    return new FoldedLinear(
        kept(folded.weight(), folded.shape()), kept(folded.bias(), List.of(folded.bias().length)));
  }

  private FixedNorm norm(PlacedLayer placed, boolean taken) {
    Folding.Affine affine = weights.affine(placed.name(), epsilonOf(placed));
    List<Integer> shape = List.of(affine.scale().length, 1, 1);
    return new FixedNorm(kept(affine.scale(), shape), kept(affine.shift(), shape), taken);
  }

  private double epsilonOf(PlacedLayer norm) {
    return ((Layer.BatchNorm) norm.layer()).epsilon().orElse(epsilon);
  }

  private NDArray kept(String name) {
    return kept(weights.values(name), weights.shape(name));
  }

  private NDArray kept(double[] values, List<Integer> shape) {
    return parameters.keep(parameters.of(values, longs(shape)));
  }

  private NDArray arranged(Folding.Layer layer) {
    try (NDArray plain = Tensors.closedOnce(parameters.of(layer.weight(), longs(layer.shape())))) {
      return arrange.run(plain);
    }
  }

  private static long[] longs(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).toArray();
  }
}
