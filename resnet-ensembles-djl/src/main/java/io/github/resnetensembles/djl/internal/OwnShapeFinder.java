package io.github.resnetensembles.djl.internal;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.DjlBlock;
import io.github.resnetensembles.djl.internal.OwnNetwork.Opening;
import io.github.resnetensembles.djl.internal.OwnNetwork.OwnShapes;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Runs one image through the user's blocks, checking each on the way. Features may be (N, C, H, W)
 * or tokens (N, T, D).
 */
final class OwnShapeFinder {
  private static final long SEED = 1;
  private static final int TOKENS = 3;

  /** Modules round differently for other numbers of images, and no trained network cares. */
  private static final double BATCH_TOLERANCE = 1e-2;

  private final Opening opening;
  private final String name;
  private final OwnParts parts;
  private final Tensors tensors;
  private final DataType type;

  OwnShapeFinder(Opening opening, Tensors tensors, Precision precision) {
    this.opening = opening;
    this.name = opening.name();
    this.parts = opening.parts();
    this.tensors = tensors;
    this.type = precision == Precision.FLOAT32 ? DataType.FLOAT32 : DataType.FLOAT64;
  }

  OwnShapes find() {
    NDArray x = run("the stem", parts.stem(), pixels());
    FeatureShape last = shape("the stem", x);
    List<FeatureShape> sums = new ArrayList<>();
    List<BlockSpec> specs = new ArrayList<>();
    List<DjlBlock> blocks = new ArrayList<>();
    Block stem = TokenBlock.of(parts.stem(), false, tokens(x));
    for (int i = 0; i < parts.blocks().size(); i++) {
      DjlBlock block = parts.blocks().get(i);
      String suffix = " of block " + (i + 1);
      boolean from = tokens(x);
      NDArray branch = run("the branch" + suffix, block.branch(), x);
      FeatureShape sum = shape("the branch" + suffix, branch);
      NDArray skip =
          block.skip() == null ? x : run("the skip connection" + suffix, block.skip(), x);
      FeatureShape skipShape = shape("the skip connection" + suffix, skip);
      if (!skipShape.equals(sum) || tokens(skip) != tokens(branch)) {
        throw new InvalidInputException(
            "the branch%s gives %s but its skip connection %s%s"
                .formatted(
                    suffix,
                    described(sum, branch),
                    described(skipShape, skip),
                    block.skip() == null
                        ? "; add one that changes the shape, " + skipRemedy()
                        : ""));
      }
      NDArray y = block.plain() ? branch : skip.add(branch);
      x = block.post() == null ? y : run("the post function" + suffix, block.post(), y);
      FeatureShape output = shape("block " + (i + 1), x);
      sums.add(sum);
      specs.add(new BlockSpec.Opaque(last, output, block.plain(), block.gain()));
      blocks.add(adapted(block, from, tokens(y), tokens(x)));
      last = output;
    }
    Block head = TokenBlock.of(parts.head(), tokens(x), false);
    return new OwnShapes(
        architecture(specs, classes(x)), List.copyOf(sums), new OwnParts(stem, blocks, head));
  }

  private static DjlBlock adapted(DjlBlock block, boolean from, boolean sum, boolean to) {
    return new DjlBlock(
        TokenBlock.of(block.branch(), from, sum),
        block.skip() == null ? null : TokenBlock.of(block.skip(), from, sum),
        block.post() == null ? null : TokenBlock.of(block.post(), sum, to),
        block.plain(),
        block.gain());
  }

  private static boolean tokens(NDArray features) {
    return features.getShape().dimension() == TOKENS;
  }

  private static String described(FeatureShape shape, NDArray array) {
    return tokens(array)
        ? "%s tokens of %s numbers".formatted(shape.height(), shape.channels())
        : shape.toString();
  }

  private String skipRemedy() {
    return opening.fromFiles() ? "\"skip\"" : "withSkip";
  }

  private Architecture architecture(List<BlockSpec> specs, int classes) {
    return Architecture.builder(name)
        .input(opening.input())
        .stem(StemSpec.OPAQUE)
        .blocks(specs)
        .head(HeadSpec.opaque(classes))
        .build();
  }

  private int classes(NDArray last) {
    NDArray logits = run("the head", parts.head(), last);
    Shape shape = logits.getShape();
    if (shape.dimension() != 2 || shape.get(0) != 1 || shape.get(1) < 2) {
      throw new InvalidInputException(
          "the head of %s must give logits (N, classes) for at least 2 classes, got %s for one image"
              .formatted(name, shape));
    }
    return Math.toIntExact(shape.get(1));
  }

  private NDArray pixels() {
    FeatureShape shape = opening.input().paddedShape();
    Random random = new Random(SEED);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return tensors.of(values, 1, shape.channels(), shape.height(), shape.width());
  }

  /** Runs a part twice: what depends on chance or on earlier calls cannot be studied. */
  private NDArray run(String part, Block block, NDArray x) {
    NDArray first = runOn(part, block, x);
    if (first.getDataType() != type) {
      throw new InvalidInputException(
          part + " of " + name + " must give " + type + ", got " + first.getDataType());
    }
    double[] values = tensors.read(first);
    if (!Arrays.equals(values, tensors.read(runOn(part, block, x)))) {
      throw new InvalidInputException(
          "%s of %s gives two results for one input; take out dropout or state that is active when training is false"
              .formatted(part, name));
    }
    if (opening.fromFiles()) {
      checkBatch(part, block, x, values);
    }
    return first;
  }

  /** A trace may have the number of images written into it, and BatchNorm in training mode. */
  private void checkBatch(String part, Block block, NDArray x, double[] alone) {
    NDArray pair = x.concat(x.mul(-1));
    double[] both = tensors.read(runOn(part, block, pair));
    double largest = 0;
    double deviation = both.length == 2 * alone.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < alone.length && deviation < Double.POSITIVE_INFINITY; i++) {
      largest = Math.max(largest, Math.abs(alone[i]));
      deviation = Math.max(deviation, Math.abs(alone[i] - both[i]));
    }
    if (deviation > BATCH_TOLERANCE * largest) {
      throw new InvalidInputException(
          ("%s of %s gives another result for an image when there is a second one beside it; export"
                  + " it in eval mode, and so that the number of images may change")
              .formatted(part, name));
    }
  }

  private NDArray runOn(String part, Block block, NDArray x) {
    try {
      return OwnNetwork.forward(tensors.manager(), block, x);
    } catch (EngineException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new InvalidInputException(
          "%s of %s does not take its input of shape %s: %s"
              .formatted(part, name, x.getShape(), TorchEngine.firstLine(e)),
          e);
    }
  }

  private static FeatureShape shape(String part, NDArray array) {
    Shape shape = array.getShape();
    boolean tokens = tokens(array);
    if ((shape.dimension() != 4 && !tokens) || shape.get(0) != 1) {
      throw new InvalidInputException(
          part
              + " must give features (N, C, H, W) or tokens (N, T, D), got "
              + shape
              + " for one image");
    }
    return new FeatureShape(
        Math.toIntExact(shape.get(tokens ? 2 : 1)),
        Math.toIntExact(shape.get(tokens ? 1 : 2)),
        tokens ? 1 : Math.toIntExact(shape.get(3)));
  }
}
