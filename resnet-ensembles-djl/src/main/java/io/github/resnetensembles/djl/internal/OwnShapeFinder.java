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
import io.github.resnetensembles.djl.internal.OwnNetwork.OwnShapes;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Runs one image through the user's blocks, checking each on the way. */
final class OwnShapeFinder {
  private static final long SEED = 1;

  private final String name;
  private final InputSpec input;
  private final OwnParts parts;
  private final Tensors tensors;
  private final DataType type;

  OwnShapeFinder(
      String name, InputSpec input, OwnParts parts, Tensors tensors, OwnParts.Placement placement) {
    this.name = name;
    this.input = input;
    this.parts = parts;
    this.tensors = tensors;
    this.type = placement.precision() == Precision.FLOAT32 ? DataType.FLOAT32 : DataType.FLOAT64;
  }

  OwnShapes find() {
    NDArray x = run("the stem", parts.stem(), pixels());
    FeatureShape last = shape("the stem", x);
    List<FeatureShape> sums = new ArrayList<>();
    List<BlockSpec> specs = new ArrayList<>();
    for (int i = 0; i < parts.blocks().size(); i++) {
      DjlBlock block = parts.blocks().get(i);
      String suffix = " of block " + (i + 1);
      NDArray branch = run("the branch" + suffix, block.branch(), x);
      FeatureShape sum = shape("the branch" + suffix, branch);
      NDArray skip =
          block.skip() == null ? x : run("the skip connection" + suffix, block.skip(), x);
      FeatureShape skipShape = shape("the skip connection" + suffix, skip);
      if (!skipShape.equals(sum)) {
        throw new InvalidInputException(
            "the branch%s gives %s but its skip connection %s%s"
                .formatted(
                    suffix,
                    sum,
                    skipShape,
                    block.skip() == null ? "; add one that changes the shape, withSkip" : ""));
      }
      NDArray y = block.plain() ? branch : skip.add(branch);
      x = block.post() == null ? y : run("the post function" + suffix, block.post(), y);
      FeatureShape output = shape("block " + (i + 1), x);
      sums.add(sum);
      specs.add(new BlockSpec.Opaque(last, output, block.plain(), block.gain()));
      last = output;
    }
    return new OwnShapes(architecture(specs, classes(x)), List.copyOf(sums));
  }

  private Architecture architecture(List<BlockSpec> specs, int classes) {
    return Architecture.builder(name)
        .input(input)
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
    FeatureShape shape = input.paddedShape();
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
    return first;
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
    if (shape.dimension() != 4 || shape.get(0) != 1) {
      throw new InvalidInputException(
          part + " must give features (N, C, H, W), got " + shape + " for one image");
    }
    return new FeatureShape(
        Math.toIntExact(shape.get(1)),
        Math.toIntExact(shape.get(2)),
        Math.toIntExact(shape.get(3)));
  }
}
