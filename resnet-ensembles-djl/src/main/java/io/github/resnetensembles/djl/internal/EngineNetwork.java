package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all networks on this engine have in common: arguments are checked before the engine sees
 * them, inputs live as long as the call, and results are handed out as activations.
 */
abstract class EngineNetwork implements Network {
  private final Architecture architecture;
  private final NetworkInfo info;
  private final int workers;
  private final Gate gate;
  private final Tensors tensors;
  private final Supplier<Arithmetic> arithmetic;
  private final Supplier<Differentiation> differentiation;

  EngineNetwork(
      Architecture architecture,
      NetworkInfo info,
      int workers,
      Gate gate,
      Tensors tensors,
      Scripts scripts) {
    this.architecture = architecture;
    this.info = info;
    this.workers = workers;
    this.gate = gate;
    this.tensors = tensors;
    this.arithmetic = Suppliers.memoize(() -> new Arithmetic(scripts));
    this.differentiation = Suppliers.memoize(() -> new EngineDifferentiation(this, derivatives()));
  }

  /** Runs the stem on pixels (N, C, H, W). */
  abstract Output runStem(NDArray pixels);

  /**
   * Runs a step; at most one gain is 0.
   *
   * @param given the branch output, or null to compute it
   */
  abstract Output runStep(
      int block, double skipGain, double branchGain, Input input, @Nullable NDArray given);

  abstract Output runBranch(int block, Input input);

  abstract Output runSkip(int block, Input input);

  abstract Output runPost(int block, Input sum);

  abstract NDArray runHead(NDArray input);

  abstract NDArray runWhole(NDArray pixels);

  /** {@return an array of this network's preferred memory layout, equal to the given one} */
  abstract NDArray arranged(NDArray array);

  /** {@return the shape of s(x) and f(x)} */
  abstract FeatureShape sumShape(Block block);

  /**
   * What a call gets.
   *
   * @param array not to be changed
   * @param nonNegative whether no value is known to be below zero
   */
  record Input(NDArray array, boolean nonNegative) {}

  /**
   * What a call gives.
   *
   * @param array a new array, or the input's own
   * @param nonNegative whether no value is known to be below zero
   */
  record Output(NDArray array, boolean nonNegative) {}

  @Override
  public final Architecture architecture() {
    return architecture;
  }

  @Override
  public final NetworkInfo info() {
    return info;
  }

  @Override
  public final int workers() {
    return workers;
  }

  @Override
  public final Activation stem(float[] pixels, int images) {
    return gate.call(
        () -> {
          NDArray array = pixelArray(pixels, images);
          return fresh(runStem(array), images, architecture.stemOutput());
        });
  }

  @Override
  public final Activation step(int block, double skipGain, double branchGain, Activation input) {
    return step(block, skipGain, branchGain, input, null);
  }

  @Override
  public final Activation step(
      int number,
      double skipGain,
      double branchGain,
      Activation input,
      @Nullable Activation branch) {
    return gate.call(
        () -> {
          Block block = block(number);
          Arguments.checkGains(number, skipGain, branchGain);
          DjlActivation x = own("input", number, input, block.input());
          if (branch == null) {
            return onInput(
                x, block.output(), in -> damagedStep(block, skipGain, branchGain, in, null));
          }
          DjlActivation b = own("branch output", number, branch, sumShape(block));
          Arguments.checkBranchImages(number, x.images(), b.images());
          return b.using(
              given ->
                  onInput(
                      x,
                      block.output(),
                      in -> damagedStep(block, skipGain, branchGain, in, given)));
        });
  }

  /** With both gains 0, nothing is left of either side but post(0). */
  private Output damagedStep(
      Block block, double skipGain, double branchGain, Input input, @Nullable NDArray given) {
    if (skipGain != 0 || branchGain != 0) {
      return runStep(block.number(), skipGain, branchGain, input, given);
    }
    FeatureShape sum = sumShape(block);
    int images = Math.toIntExact(input.array().getShape().get(0));
    NDArray zeros = array(new double[checkedSize(images, sum)], images, sum);
    return runPost(block.number(), new Input(zeros, true));
  }

  @Override
  public final Activation branch(int number, Activation input) {
    return part(number, "input", Block::input, input, this::sumShape, in -> runBranch(number, in));
  }

  @Override
  public final Activation skip(int number, Activation input) {
    return part(number, "input", Block::input, input, this::sumShape, in -> runSkip(number, in));
  }

  @Override
  public final Activation post(int number, Activation sum) {
    return part(number, "sum", this::sumShape, sum, Block::output, in -> runPost(number, in));
  }

  private Activation part(
      int number,
      String what,
      Function<Block, FeatureShape> from,
      Activation given,
      Function<Block, FeatureShape> to,
      Run run) {
    return gate.call(
        () -> {
          Block block = block(number);
          return onInput(own(what, number, given, from.apply(block)), to.apply(block), run);
        });
  }

  @Override
  public final double[] head(Activation input) {
    return gate.call(
        () ->
            own("head's input", 0, input, architecture.finalOutput())
                .using(x -> tensors.read(runHead(x))));
  }

  @Override
  public final double[] logits(float[] pixels, int images) {
    return gate.call(() -> tensors.read(runWhole(pixelArray(pixels, images))));
  }

  @Override
  public final Activation activation(double[] values, int images, FeatureShape shape) {
    return gate.call(
        () -> {
          Arguments.checkLength("values", values.length, images, shape);
          return fresh(new Output(array(values, images, shape), false), images, shape);
        });
  }

  @Override
  public final Activation gather(List<Part> parts) {
    return gate.call(
        () -> {
          FeatureShape shape = Arguments.checkParts(parts);
          List<DjlActivation> activations =
              parts.stream().map(part -> own("part", 0, part.of(), shape)).toList();
          NDArray gathered = usingAll(activations, arrays -> arithmetic().gather(arrays, parts));
          return fresh(
              new Output(gathered, activations.stream().allMatch(DjlActivation::nonNegative)),
              parts.stream().mapToInt(Part::count).sum(),
              shape);
        });
  }

  @Override
  public final void close() {
    gate.close();
  }

  /** Works on engine arrays, within the gate. */
  final <T> T call(Supplier<T> work) {
    return gate.call(work);
  }

  final Tensors tensors() {
    return tensors;
  }

  /** Takes over an array that a call has made, for its first user. */
  final SharedArray share(NDArray array) {
    return new SharedArray(tensors, array);
  }

  /** Hands an array out that a call has made. */
  final DjlActivation activation(NDArray array, int images, FeatureShape shape) {
    return fresh(new Output(array, false), images, shape);
  }

  /** As {@link #activation}, of each. */
  final List<Activation> activations(List<NDArray> arrays, int images, FeatureShape shape) {
    return arrays.stream().<Activation>map(array -> activation(array, images, shape)).toList();
  }

  /** Works on arrays that nobody can free meanwhile. */
  static <T> T usingAll(List<DjlActivation> activations, Function<List<NDArray>, T> work) {
    List<SharedArray> used = new ArrayList<>();
    try {
      activations.forEach(activation -> used.add(activation.use()));
      return work.apply(used.stream().map(SharedArray::array).toList());
    } finally {
      used.forEach(SharedArray::release);
    }
  }

  /** {@return the sizes of the parameters that have gradients, by name} */
  abstract Map<String, Integer> trainable();

  /** As {@link Differentiation#sum}. */
  final Activation sum(List<Activation> terms, double[] weights) {
    Arguments.checkSum(terms, weights);
    return call(
        () -> {
          FeatureShape shape = terms.get(0).shape();
          int images = terms.get(0).images();
          List<DjlActivation> own = new ArrayList<>();
          for (Activation term : terms) {
            DjlActivation activation = own("term", 0, term, shape);
            Arguments.checkImages(activation.images(), images);
            own.add(activation);
          }
          return usingAll(
              own, arrays -> activation(arithmetic().sum(arrays, weights), images, shape));
        });
  }

  final Arithmetic arithmetic() {
    return arithmetic.get();
  }

  /** {@return the derivatives, made once} */
  abstract Derivatives derivatives();

  @Override
  public final Optional<Differentiation> differentiation() {
    Precision precision = info.precision();
    return precision == precision.kept() ? Optional.of(differentiation.get()) : Optional.empty();
  }

  /** Runs on an input that nobody can free meanwhile; a result that is the input shares it. */
  @SuppressWarnings("ReferenceEquality") // The very array is meant, not its values.
  private DjlActivation onInput(DjlActivation x, FeatureShape shape, Run run) {
    SharedArray shared = x.use();
    try {
      Output output = run.on(new Input(shared.array(), x.nonNegative()));
      if (output.array() == shared.array() && shared.retain()) {
        return new DjlActivation(this, shared, x.images(), shape, output.nonNegative());
      }
      return fresh(output, x.images(), shape);
    } finally {
      shared.release();
    }
  }

  private DjlActivation fresh(Output output, int images, FeatureShape shape) {
    return new DjlActivation(
        this, new SharedArray(tensors, output.array()), images, shape, output.nonNegative());
  }

  final NDArray pixelArray(float[] pixels, int images) {
    FeatureShape shape = architecture.input().paddedShape();
    Arguments.checkLength("pixels", pixels.length, images, shape);
    return tensors.of(pixels, images, shape.channels(), shape.height(), shape.width());
  }

  private NDArray array(double[] values, int images, FeatureShape shape) {
    return arranged(tensors.of(values, images, shape.channels(), shape.height(), shape.width()));
  }

  final Block block(int number) {
    return Arguments.block(architecture, number);
  }

  @SuppressWarnings("ReferenceEquality") // This very network is meant.
  final DjlActivation own(String what, int block, Activation given, FeatureShape shape) {
    String where = block == 0 ? "the " + what : "the " + what + " of block " + block;
    if (!(given instanceof DjlActivation activation) || activation.network() != this) {
      throw new InvalidInputException(
          where + " comes from another network; bring its values here with Network.activation");
    }
    Arguments.checkShape(where, activation.shape(), shape);
    return activation;
  }

  private static int checkedSize(int images, FeatureShape shape) {
    return Math.multiplyExact(images, shape.size());
  }

  /** One block's computation. */
  private interface Run {
    Output on(Input input);
  }
}
