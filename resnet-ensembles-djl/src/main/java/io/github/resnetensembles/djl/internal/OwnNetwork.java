package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.github.resnetensembles.BackendException;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.djl.DjlBlock;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.InputSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network of the user's own blocks, run by array operations alone. A block gets a copy of its
 * input and its result is copied, so that it can neither change nor free what others hold.
 */
final class OwnNetwork extends EngineNetwork {
  private final OwnParts parts;
  private final List<FeatureShape> sumShapes;
  private final NDManager manager;
  private final Scripts scripts;

  /** Never used: whoever frees the user's blocks when nobody knows it any more. */
  @SuppressWarnings({"FieldCanBeLocal", "UnusedVariable", "unused"})
  private final List<Object> kept;

  private OwnNetwork(
      Architecture architecture,
      NetworkInfo info,
      Gate gate,
      Tensors tensors,
      Scripts scripts,
      OwnParts parts,
      List<FeatureShape> sumShapes,
      List<Object> kept) {
    super(architecture, info, 1, gate, tensors, scripts);
    this.scripts = scripts;
    this.parts = parts;
    this.sumShapes = sumShapes;
    this.manager = tensors.manager();
    this.kept = kept;
  }

  static OwnNetwork open(Opening opening, OwnParts.Placement placement) {
    TorchEngine torch = TorchEngine.load();
    Tensors tensors = new Tensors(torch.engine(), placement.device(), placement.precision());
    Scripts scripts = new Scripts(tensors.manager(), tensors.manager());
    Gate gate =
        new Gate(
            opening.name(),
            opening.options().effectiveThreads(),
            () -> {
              scripts.close();
              tensors.close();
              opening.owner().ifPresent(NDManager::close);
            });
    try {
      OwnShapes shapes =
          gate.call(() -> new OwnShapeFinder(opening, tensors, placement.precision()).find());
      NetworkInfo info =
          new NetworkInfo(
                  DjlBackend.NAME,
                  torch.description(),
                  TorchEngine.nameOf(placement.device()),
                  placement.precision(),
                  opening
                      .sha256()
                      .orElseGet(
                          () ->
                              gate.call(
                                  () -> opening.parts().sha256(tensors, placement.precision()))),
                  true)
              .computedWith(torch.build(), InstructionSet.here());
      return new OwnNetwork(
          shapes.architecture(),
          info,
          gate,
          tensors,
          scripts,
          shapes.parts(),
          shapes.sums(),
          opening.kept());
    } catch (RuntimeException | Error e) {
      gate.close();
      throw e;
    }
  }

  /**
   * What is opened.
   *
   * @param name of the network
   * @param input what the stem is fed with
   * @param parts the blocks, as they are given
   * @param options of which the threads count here
   * @param kept what must live as long as the network
   * @param owner of modules that are the network's own, which closes them
   * @param sha256 what the network is known by, if not by its parts
   */
  record Opening(
      String name,
      InputSpec input,
      OwnParts parts,
      ModelOptions options,
      List<Object> kept,
      Optional<NDManager> owner,
      Optional<String> sha256) {
    Opening(String name, InputSpec input, OwnParts parts, ModelOptions options) {
      this(name, input, parts, options, List.of(), Optional.empty(), Optional.empty());
    }

    Opening keeping(List<Object> objects) {
      return new Opening(name, input, parts, options, objects, owner, sha256);
    }

    /** Modules that were loaded from files, with the hash of these. */
    Opening ownedBy(NDManager manager, String hash) {
      return new Opening(
          name, input, parts, options, kept, Optional.of(manager), Optional.of(hash));
    }

    boolean fromFiles() {
      return owner.isPresent();
    }
  }

  /**
   * What running one image tells.
   *
   * @param sums the shape of s(x) and f(x) of every block
   * @param parts the given ones, from features to features also where they take or give tokens
   */
  record OwnShapes(Architecture architecture, List<FeatureShape> sums, OwnParts parts) {}

  /** Runs a block of the user's on a copy of the input; the result may be the user's own array. */
  static NDArray forward(NDManager manager, Block block, NDArray input) {
    return block
        .forward(new ParameterStore(manager, false), new NDList(input.duplicate()), false)
        .singletonOrThrow();
  }

  @Override
  Map<String, Integer> trainable() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    parts.trainable().forEach((name, array) -> sizes.put(name, Math.toIntExact(array.size())));
    return sizes;
  }

  @Override
  Derivatives derivatives() {
    return new OwnDerivatives(architecture().name(), parts, scripts);
  }

  @Override
  Output runStem(NDArray pixels) {
    return checked("the stem", run(parts.stem(), pixels), architecture().stemOutput());
  }

  @Override
  Output runStep(
      int number, double skipGain, double branchGain, Input input, @Nullable NDArray given) {
    DjlBlock block = parts.blocks().get(number - 1);
    NDArray x = input.array();
    NDArray sum = null;
    if (branchGain != 0) {
      NDArray branch = given == null ? run(block.branch(), x) : given;
      sum = scaled(branch, branchGain);
      if (given != null && given.getShape().get(0) != x.getShape().get(0)) {
        sum = sum.broadcast(x.getShape().get(0), -1, -1, -1);
      }
    }
    if (skipGain != 0) {
      NDArray skip = scaled(block.skip() == null ? x : run(block.skip(), x), skipGain);
      sum = sum == null ? skip : sum.add(skip);
    }
    if (sum == null) {
      throw new IllegalStateException("a step of neither skip nor branch");
    }
    return post(number, sum, x);
  }

  @Override
  Output runBranch(int number, Input input) {
    DjlBlock block = parts.blocks().get(number - 1);
    return checked(
        "the branch of block " + number,
        run(block.branch(), input.array()),
        sumShapes.get(number - 1));
  }

  @Override
  Output runSkip(int number, Input input) {
    DjlBlock block = parts.blocks().get(number - 1);
    if (block.skip() == null) {
      return new Output(input.array(), false);
    }
    return checked(
        "the skip connection of block " + number,
        run(block.skip(), input.array()),
        sumShapes.get(number - 1));
  }

  @Override
  Output runPost(int number, Input sum) {
    return post(number, sum.array(), sum.array());
  }

  @Override
  NDArray runHead(NDArray input) {
    NDArray logits = run(parts.head(), input);
    int classes = architecture().head().classes();
    Shape expected = new Shape(input.getShape().get(0), classes);
    if (!logits.getShape().equals(expected)) {
      throw new BackendException(
          "the head of %s gave %s, not %s as for one image; its result must not depend on the batch"
              .formatted(architecture().name(), logits.getShape(), expected));
    }
    return logits;
  }

  @Override
  NDArray runWhole(NDArray pixels) {
    NDArray x = run(parts.stem(), pixels);
    for (DjlBlock block : parts.blocks()) {
      NDArray y = run(block.branch(), x).mul(block.gain());
      if (!block.plain()) {
        y = y.add(block.skip() == null ? x : run(block.skip(), x));
      }
      x = block.post() == null ? y : run(block.post(), y);
    }
    return runHead(x);
  }

  @Override
  NDArray arranged(NDArray array) {
    return array;
  }

  @Override
  FeatureShape sumShape(io.github.resnetensembles.network.Block block) {
    return sumShapes.get(block.number() - 1);
  }

  private NDArray run(Block block, NDArray input) {
    return forward(manager, block, input);
  }

  /** A new array unless the gain is 1. */
  private static NDArray scaled(NDArray array, double gain) {
    return gain == 1 ? array : array.mul(gain);
  }

  /** Applies post; a sum that is the input itself stays so, to be shared. */
  @SuppressWarnings("ReferenceEquality") // The very array is meant, not its values.
  private Output post(int number, NDArray sum, NDArray input) {
    DjlBlock block = parts.blocks().get(number - 1);
    if (block.post() == null && sum == input) {
      return new Output(input, false);
    }
    NDArray result = block.post() == null ? sum : run(block.post(), sum);
    return checked("block " + number, result, architecture().block(number).output());
  }

  /** Copies a result of the user's, which may be a parameter or a view. */
  private Output checked(String what, NDArray result, FeatureShape shape) {
    Shape got = result.getShape();
    boolean fits =
        got.dimension() == 4
            && got.get(1) == shape.channels()
            && got.get(2) == shape.height()
            && got.get(3) == shape.width();
    if (!fits) {
      throw new BackendException(
          "%s of %s gave %s, not N x %s as for one image; its result must not depend on the batch"
              .formatted(what, architecture().name(), got, shape));
    }
    return new Output(result.duplicate(), false);
  }
}
