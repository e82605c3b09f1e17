package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockLayers;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.List;
import java.util.Objects;

/**
 * The intact network by plain DJL array operations: nothing folded, no scripts, no memory format of
 * our own. Slow, and independent of the steps, which are checked against it.
 */
@SuppressWarnings("ReferenceEquality") // Which array is closed early is a question of identity.
final class PlainForward {
  private final Architecture architecture;
  private final PlainWeights weights;

  PlainForward(Architecture architecture, PlainWeights weights) {
    this.architecture = architecture;
    this.weights = weights;
  }

  NDArray logits(NDArray pixels) {
    NDArray x = through(architecture.stemLayers(), pixels);
    for (Block block : architecture.blocks()) {
      NDArray y = block(block, x);
      closeUnless(x, y);
      x = y;
    }
    return through(architecture.headLayers(), x);
  }

  private NDArray block(Block block, NDArray x) {
    BlockLayers layers = block.layers();
    NDArray led = through(layers.lead(), x);
    NDArray sum = through(layers.branch(), led);
    if (block.spec().gain() != 1) {
      sum = replace(sum, led, sum.mul(block.spec().gain()));
    }
    if (!block.spec().plain()) {
      NDArray skip = through(layers.skip(), led);
      sum = replace(sum, led, sum.add(skip));
      closeUnless(skip, led);
    }
    closeUnless(led, x);
    NDArray y = through(layers.post(), sum);
    closeUnless(sum, y);
    return y;
  }

  /** Leaves its input alone, and frees each result as soon as it is used. */
  private NDArray through(List<PlacedLayer> layers, NDArray x) {
    NDArray y = x;
    for (PlacedLayer layer : layers) {
      y = replace(y, x, layer(layer, y));
    }
    return y;
  }

  private NDArray layer(PlacedLayer placed, NDArray x) {
    if (placed.layer() instanceof Layer.Convolution convolution) {
      return convolution(x, placed, convolution);
    }
    if (placed.layer() instanceof Layer.BatchNorm norm) {
      return norm(x, placed.name(), norm.epsilon().orElse(architecture.batchNormEpsilon()));
    }
    if (placed.layer() instanceof Layer.Relu) {
      return Activation.relu(x);
    }
    if (placed.layer() instanceof Layer.ActivationFunction activation) {
      return function(x, activation.function());
    }
    if (placed.layer() instanceof Layer.LeakyRelu leaky) {
      return x.maximum(x.mul(leaky.slope()));
    }
    if (placed.layer() instanceof Layer.SqueezeExcitation excitation) {
      return x.mul(excited(placed, excitation, averaged(x)));
    }
    if (placed.layer() instanceof Layer.ChannelAttention) {
      return x.mul(attended(array(placed.tensor("conv.weight")), averaged(x)));
    }
    if (placed.layer() instanceof Layer.LayerScale) {
      return x.mul(array(placed.tensor("weight")).reshape(1, -1, 1, 1));
    }
    if (placed.layer() instanceof Layer.GroupNorm norm) {
      Shape shape = x.getShape();
      NDArray groups = x.reshape(shape.get(0), norm.groups(), -1);
      return scaled(placed, standardised(groups, 2, norm.epsilon()).reshape(shape));
    }
    if (placed.layer() instanceof Layer.LayerNorm norm) {
      return scaled(placed, standardised(x, 1, norm.epsilon()));
    }
    if (placed.layer() instanceof Layer.GlobalMaxPool) {
      return onePixel(x.reshape(x.getShape().get(0), x.getShape().get(1), -1).max(new int[] {2}));
    }
    if (placed.layer() instanceof Layer.FirstChannels first) {
      return x.get(":, 0:" + first.channels());
    }
    if (placed.layer() instanceof Layer.Tokens) {
      return x.reshape(x.getShape().get(0), x.getShape().get(1), -1, 1);
    }
    if (placed.layer() instanceof Layer.ClassToken) {
      NDArray token = array(placed.tensor("weight")).transpose(0, 2, 1).reshape(1, -1, 1, 1);
      NDArray tokens = token.repeat(0, x.getShape().get(0));
      return NDArrays.concat(list(tokens, x), 2);
    }
    if (placed.layer() instanceof Layer.PositionEmbedding) {
      NDArray added = array(placed.tensor("weight")).transpose(0, 2, 1);
      Shape shape = x.getShape();
      return x.add(added.reshape(1, shape.get(1), shape.get(2), shape.get(3)));
    }
    if (placed.layer() instanceof Layer.TokenSelection selection) {
      int end = selection.first() + selection.count();
      return x.get(":, :, " + selection.first() + ":" + end);
    }
    if (placed.layer() instanceof Layer.SelfAttention attention) {
      return attended(placed, attention, x);
    }
    if (placed.layer() instanceof Layer.AveragePool pool) {
      return averagePool(x, pool, placed.output());
    }
    if (placed.layer() instanceof Layer.BlurPool pool) {
      return blurred(x, pool.stride());
    }
    if (placed.layer() instanceof Layer.MaxPool pool) {
      return Pool.maxPool2d(
          x, square(pool.kernel()), square(pool.stride()), square(pool.padding()), pool.roundUp());
    }
    if (placed.layer() instanceof Layer.GlobalAveragePool) {
      return onePixel(averaged(x));
    }
    if (placed.layer() instanceof Layer.Flatten) {
      return onePixel(x.reshape(x.getShape().get(0), -1));
    }
    if (placed.layer() instanceof Layer.Dropout) {
      return x;
    }
    if (placed.layer() instanceof Layer.Linear) {
      NDArray rows = x.reshape(x.getShape().get(0), -1);
      return Linear.linear(rows, array(placed.tensor("weight")), array(placed.tensor("bias")))
          .singletonOrThrow();
    }
    if (placed.layer() instanceof Layer.ZeroPadding padding) {
      int added = padding.channels() - placed.input().channels();
      int before = padding.even() ? added / 2 : 0;
      return subsampledAndPadded(x, padding.stride(), before, added - before);
    }
    throw new IllegalStateException("no formula for " + placed.layer());
  }

  private static NDArray subsampledAndPadded(NDArray x, int stride, int before, int after) {
    NDArray kept = stride == 1 ? x : x.get(":, :, ::" + stride + ", ::" + stride);
    if (before + after == 0) {
      return kept;
    }
    NDArray padded = kept.pad(new Shape(0, 0, 0, 0, before, after), 0);
    if (kept != x) {
      kept.close();
    }
    return padded;
  }

  private NDArray excited(PlacedLayer placed, Layer.SqueezeExcitation layer, NDArray means) {
    NDArray hidden = function(linear(placed, "fc1", means), layer.inner());
    NDArray gate = function(linear(placed, "fc2", hidden), layer.gate());
    return gate.reshape(gate.getShape().get(0), gate.getShape().get(1), 1, 1);
  }

  private NDArray linear(PlacedLayer placed, String part, NDArray rows) {
    NDArray weight = array(placed.tensor(part + ".weight"));
    Shape shape = weight.getShape();
    NDArray matrix = weight.reshape(shape.get(0), shape.get(1));
    return rows.matMul(matrix.transpose()).add(array(placed.tensor(part + ".bias")));
  }

  private static NDArray attended(NDArray weight, NDArray means) {
    long kernel = weight.getShape().get(2);
    long channels = means.getShape().get(1);
    NDArray padded = means.pad(new Shape(kernel / 2, kernel / 2), 0);
    NDArray sum = null;
    for (long tap = 0; tap < kernel; tap++) {
      NDArray term = padded.get(":, " + tap + ":" + (tap + channels)).mul(weight.get(0, 0, tap));
      sum = sum == null ? term : sum.add(term);
    }
    return sigmoid(Objects.requireNonNull(sum)).reshape(-1, channels, 1, 1);
  }

  /** One head after the other. */
  private NDArray attended(PlacedLayer placed, Layer.SelfAttention layer, NDArray x) {
    Shape shape = x.getShape();
    int channels = placed.input().channels();
    int width = channels / layer.heads();
    NDArray tokens = x.reshape(shape.get(0), channels, -1).transpose(0, 2, 1);
    NDArray qkv = tokens.matMul(array(placed.tensor("qkv.weight")).transpose());
    if (layer.bias()) {
      qkv = qkv.add(array(placed.tensor("qkv.bias")));
    }
    NDList seen = new NDList();
    for (int head = 0; head < layer.heads(); head++) {
      NDArray query = channels(qkv, head * width, width);
      NDArray key = channels(qkv, channels + head * width, width);
      NDArray scores = query.matMul(key.transpose(0, 2, 1)).div(Math.sqrt(width));
      seen.add(scores.softmax(2).matMul(channels(qkv, 2 * channels + head * width, width)));
    }
    return NDArrays.concat(seen, 2)
        .matMul(array(placed.tensor("proj.weight")).transpose())
        .add(array(placed.tensor("proj.bias")))
        .transpose(0, 2, 1)
        .reshape(shape);
  }

  private static NDArray channels(NDArray rows, int first, int count) {
    return rows.get(":, :, " + first + ":" + (first + count));
  }

  private static NDArray standardised(NDArray x, int axis, double epsilon) {
    int[] axes = {axis};
    NDArray centred = x.sub(x.mean(axes, true));
    return centred.div(centred.square().mean(axes, true).add(epsilon).sqrt());
  }

  private NDArray scaled(PlacedLayer placed, NDArray x) {
    Shape channels = x.getShape().dimension() == 4 ? new Shape(1, -1, 1, 1) : new Shape(1, -1);
    return x.mul(array(placed.tensor("weight")).reshape(channels))
        .add(array(placed.tensor("bias")).reshape(channels));
  }

  /** The sums over windows, divided by how many values are in them. */
  private static NDArray averagePool(NDArray x, Layer.AveragePool pool, FeatureShape output) {
    Shape shape = x.getShape();
    int padding = pool.padding();
    NDArray ones = x.onesLike();
    Shape around = new Shape(padding, padding, padding, padding);
    NDArray counted = ones.pad(around, pool.countPadding() ? 1 : 0);
    long below = missing(shape.get(2) + 2L * padding, pool, output.height());
    long right = missing(shape.get(3) + 2L * padding, pool, output.width());
    Shape rest = new Shape(0, right, 0, below);
    NDArray sums = windowSums(x.pad(around, 0).pad(rest, 0), pool, output);
    return sums.div(windowSums(counted.pad(rest, 0), pool, output));
  }

  /** How many pixels the last window lies outside. */
  private static long missing(long size, Layer.AveragePool pool, int windows) {
    return Math.max(0, (windows - 1L) * pool.stride() + pool.kernel() - size);
  }

  private static NDArray windowSums(NDArray x, Layer.AveragePool pool, FeatureShape output) {
    NDArray sum = null;
    for (int i = 0; i < pool.kernel(); i++) {
      for (int j = 0; j < pool.kernel(); j++) {
        String rows = every(i, output.height(), pool.stride());
        String columns = every(j, output.width(), pool.stride());
        NDArray term = x.get(":, :, " + rows + ", " + columns);
        sum = sum == null ? term : sum.add(term);
      }
    }
    return Objects.requireNonNull(sum);
  }

  /** The places from one on at a stride, as an index. */
  private static String every(long from, long count, int stride) {
    return from + ":" + (from + (count - 1) * stride + 1) + ":" + stride;
  }

  private static NDArray function(NDArray x, Layer.Function function) {
    return switch (function) {
      case RELU -> x.maximum(0);
      case RELU6 -> x.clip(0, 6);
      case SILU -> x.mul(sigmoid(x));
      case GELU -> x.mul(x.div(Math.sqrt(2)).erf().add(1)).div(2);
      case GELU_TANH ->
          x.mul(x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI)).tanh().add(1)).div(2);
      case HARD_SWISH -> x.mul(x.add(3).clip(0, 6)).div(6);
      case HARD_SIGMOID -> x.add(3).clip(0, 6).div(6);
      case SIGMOID -> sigmoid(x);
    };
  }

  private static NDArray sigmoid(NDArray x) {
    return x.neg().exp().add(1).pow(-1);
  }

  /** The 3x3 filter, as a convolution of each channel. */
  private static NDArray blurred(NDArray x, int stride) {
    Shape shape = x.getShape();
    long last = shape.get(2) - 1;
    long right = shape.get(3) - 1;
    NDArray rows = NDArrays.concat(list(row(x, 1), x, row(x, last - 1)), 2);
    NDArray padded = NDArrays.concat(list(column(rows, 1), rows, column(rows, right - 1)), 3);
    double[] binomial = {1, 2, 1};
    NDArray sum = null;
    for (int tap = 0; tap < 9; tap++) {
      String rowsSeen = (tap / 3) + ":" + (last + tap / 3 + 1) + ":" + stride;
      String columnsSeen = (tap % 3) + ":" + (right + tap % 3 + 1) + ":" + stride;
      NDArray term =
          padded
              .get(":, :, " + rowsSeen + ", " + columnsSeen)
              .mul(binomial[tap / 3] * binomial[tap % 3] / 16);
      sum = sum == null ? term : sum.add(term);
    }
    return Objects.requireNonNull(sum);
  }

  private static NDList list(NDArray... arrays) {
    return new NDList(arrays);
  }

  private static NDArray row(NDArray x, long at) {
    return x.get(":, :, " + at + ":" + (at + 1));
  }

  private static NDArray column(NDArray x, long at) {
    return x.get(":, :, :, " + at + ":" + (at + 1));
  }

  private static NDArray onePixel(NDArray rows) {
    return rows.reshape(rows.getShape().get(0), rows.getShape().get(1), 1, 1);
  }

  private static NDArray averaged(NDArray x) {
    Shape shape = x.getShape();
    try (NDArray sum = x.sum(new int[] {2, 3})) {
      return sum.div(shape.get(2) * shape.get(3));
    }
  }

  /** In double precision, for which the engine has one plain way on every processor. */
  private NDArray convolution(NDArray x, PlacedLayer placed, Layer.Convolution layer) {
    NDArray kernel = array(placed.tensor("weight"));
    try (NDArray wideInput = Tensors.copy(x, DataType.FLOAT64);
        NDArray wideKernel = Tensors.copy(kernel, DataType.FLOAT64);
        NDArray wideBias =
            layer.bias() ? Tensors.copy(array(placed.tensor("bias")), DataType.FLOAT64) : null;
        NDArray wide =
            Conv2d.conv2d(
                    wideInput,
                    wideKernel,
                    wideBias,
                    square(layer.stride()),
                    square(layer.padding()),
                    square(layer.dilation()),
                    layer.groups())
                .singletonOrThrow()) {
      return Tensors.copy(wide, x.getDataType());
    }
  }

  private static Shape square(int size) {
    return new Shape(size, size);
  }

  /** (x - mean) / sqrt(variance + epsilon) · weight + bias, as it is defined. */
  private NDArray norm(NDArray x, String name, double epsilon) {
    Shape perChannel =
        x.getShape().dimension() == 4
            ? new Shape(1, x.getShape().get(1), 1, 1)
            : new Shape(1, x.getShape().get(1));
    NDArray mean = array(name + ".running_mean").reshape(perChannel);
    NDArray deviation = array(name + ".running_var").add(epsilon).sqrt().reshape(perChannel);
    NDArray y = x.sub(mean);
    y = replace(y, x, y.div(deviation));
    y = replace(y, x, y.mul(array(name + ".weight").reshape(perChannel)));
    return replace(y, x, y.add(array(name + ".bias").reshape(perChannel)));
  }

  /** Frees {@code old}, unless it is {@code kept}, which keeps the peak of memory low. */
  private static NDArray replace(NDArray old, NDArray kept, NDArray now) {
    if (old != now) {
      closeUnless(old, kept);
    }
    return now;
  }

  private static void closeUnless(NDArray array, NDArray kept) {
    if (array != kept) {
      Tensors.closedOnce(array).close();
    }
  }

  private NDArray array(String name) {
    return weights.array(name);
  }
}
