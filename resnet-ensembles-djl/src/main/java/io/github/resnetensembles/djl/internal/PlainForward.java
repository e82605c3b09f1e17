package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;

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
    NDArray x = stem(pixels);
    for (Block block : architecture.blocks()) {
      NDArray y = block(block, x);
      x = y == x ? x : replace(x, y);
    }
    return head(x);
  }

  private NDArray stem(NDArray pixels) {
    StemSpec stem = architecture.stem();
    boolean large = stem.kind() == StemSpec.Kind.CONV_7X7_MAX_POOL;
    NDArray x = convolution(pixels, "stem.conv", large ? 2 : 1);
    if (stem.batchNorm()) {
      x = relu(norm(x, "stem.bn"));
    }
    if (!large) {
      return x;
    }
    try (NDArray before = x) {
      return Pool.maxPool2d(before, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
    }
  }

  private NDArray block(Block block, NDArray x) {
    BlockSpec.Layered spec = (BlockSpec.Layered) block.spec();
    String prefix = "blocks." + block.number() + ".";
    NDArray activated = x;
    if (spec.kind().preActivation() && spec.leadingNorm()) {
      activated = relu(normOf(x, prefix + "bn1"));
    }
    NDArray sum = branch(spec, prefix, activated);
    if (spec.gain() != 1) {
      sum = replace(sum, sum.mul(spec.gain()));
    }
    if (!spec.plain()) {
      NDArray source = spec.shortcutInput() == ShortcutInput.ACTIVATED ? activated : x;
      NDArray skip = skip(block, spec, prefix, source);
      sum = replace(sum, sum.add(skip));
      if (skip != x && skip != activated) {
        skip.close();
      }
    }
    if (activated != x) {
      activated.close();
    }
    return post(spec, sum);
  }

  private NDArray branch(BlockSpec.Layered spec, String prefix, NDArray x) {
    int stride = spec.stride();
    return switch (spec.kind()) {
      case CONV -> relu(norm(convolution(x, prefix + "conv1", stride), prefix + "bn1"));
      case BASIC -> {
        NDArray h = relu(norm(convolution(x, prefix + "conv1", stride), prefix + "bn1"));
        yield norm(replace(h, convolution(h, prefix + "conv2", 1)), prefix + "bn2");
      }
      case BOTTLENECK -> {
        NDArray h = relu(norm(convolution(x, prefix + "conv1", 1), prefix + "bn1"));
        h = relu(norm(replace(h, convolution(h, prefix + "conv2", stride)), prefix + "bn2"));
        yield norm(replace(h, convolution(h, prefix + "conv3", 1)), prefix + "bn3");
      }
      case PRE_BASIC -> {
        NDArray h = relu(norm(convolution(x, prefix + "conv1", stride), prefix + "bn2"));
        yield replace(h, convolution(h, prefix + "conv2", 1));
      }
      case PRE_BOTTLENECK -> {
        NDArray h = relu(norm(convolution(x, prefix + "conv1", 1), prefix + "bn2"));
        h = relu(norm(replace(h, convolution(h, prefix + "conv2", stride)), prefix + "bn3"));
        yield replace(h, convolution(h, prefix + "conv3", 1));
      }
    };
  }

  private NDArray skip(Block block, BlockSpec.Layered spec, String prefix, NDArray x) {
    int added = spec.width() - block.input().channels();
    return switch (spec.shortcut()) {
      case IDENTITY -> x;
      case ZERO_PAD_EVEN -> subsampledAndPadded(x, spec.stride(), added / 2, added - added / 2);
      case ZERO_PAD_END -> subsampledAndPadded(x, spec.stride(), 0, added);
      case PROJECTION ->
          norm(convolution(x, prefix + "shortcut.conv", spec.stride()), prefix + "shortcut.bn");
    };
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

  private static NDArray post(BlockSpec.Layered spec, NDArray sum) {
    return switch (spec.kind()) {
      case BASIC, BOTTLENECK -> relu(sum);
      case PRE_BASIC, PRE_BOTTLENECK -> sum;
      case CONV ->
          spec.maxPool()
              ? replace(
                  sum, Pool.maxPool2d(sum, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), true))
              : sum;
    };
  }

  private NDArray head(NDArray x) {
    return switch (architecture.head().kind()) {
      case POOL_LINEAR -> linear(pooled(x), "head.linear");
      case NORM_POOL_LINEAR -> linear(pooled(relu(norm(x, "head.bn"))), "head.linear");
      case HIDDEN_LINEAR -> {
        NDArray flat = x.reshape(x.getShape().get(0), -1);
        NDArray hidden = relu(norm(linear(flat, "head.linear1"), "head.bn"));
        yield linear(hidden, "head.linear2");
      }
      case OPAQUE -> throw new IllegalArgumentException("an opaque head has no layers");
    };
  }

  private static NDArray pooled(NDArray x) {
    Shape shape = x.getShape();
    try (NDArray sum = x.sum(new int[] {2, 3})) {
      return sum.div(shape.get(2) * shape.get(3));
    }
  }

  /** In double precision, for which the engine has one plain way on every processor. */
  private NDArray convolution(NDArray x, String name, int stride) {
    NDArray kernel = array(name + ".weight");
    long padding = kernel.getShape().get(2) / 2;
    try (NDArray wideInput = Tensors.copy(x, DataType.FLOAT64);
        NDArray wideKernel = Tensors.copy(kernel, DataType.FLOAT64);
        NDArray wide =
            Conv2d.conv2d(
                    wideInput,
                    wideKernel,
                    null,
                    new Shape(stride, stride),
                    new Shape(padding, padding))
                .singletonOrThrow()) {
      return Tensors.copy(wide, x.getDataType());
    }
  }

  private NDArray linear(NDArray x, String name) {
    return Linear.linear(x, array(name + ".weight"), array(name + ".bias")).singletonOrThrow();
  }

  /** Frees its input. */
  private NDArray norm(NDArray x, String name) {
    return replace(x, normOf(x, name));
  }

  /** (x - mean) / sqrt(variance + epsilon) · weight + bias, as it is defined. */
  private NDArray normOf(NDArray x, String name) {
    Shape perChannel =
        x.getShape().dimension() == 4
            ? new Shape(1, x.getShape().get(1), 1, 1)
            : new Shape(1, x.getShape().get(1));
    NDArray mean = array(name + ".running_mean").reshape(perChannel);
    NDArray deviation =
        array(name + ".running_var")
            .add(architecture.batchNormEpsilon())
            .sqrt()
            .reshape(perChannel);
    NDArray y = x.sub(mean);
    y = replace(y, y.div(deviation));
    y = replace(y, y.mul(array(name + ".weight").reshape(perChannel)));
    return replace(y, y.add(array(name + ".bias").reshape(perChannel)));
  }

  /** Frees its input. */
  private static NDArray relu(NDArray x) {
    return replace(x, Activation.relu(x));
  }

  /** Frees {@code old} as soon as it is used, which keeps the peak of memory low. */
  private static NDArray replace(NDArray old, NDArray now) {
    Tensors.closedOnce(old).close();
    return now;
  }

  private NDArray array(String name) {
    return weights.array(name);
  }
}
