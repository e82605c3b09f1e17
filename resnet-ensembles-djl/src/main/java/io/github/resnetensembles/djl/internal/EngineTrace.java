package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.running.Arguments;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A block, run forward. */
final class EngineTrace implements StepTrace {
  private final EngineNetwork network;
  private final int images;
  private final FeatureShape inputShape;
  private final FeatureShape outputShape;
  private final TraceArrays arrays;
  private final DjlActivation output;

  EngineTrace(
      EngineNetwork network,
      int images,
      FeatureShape inputShape,
      FeatureShape outputShape,
      TraceArrays arrays) {
    this.network = network;
    this.images = images;
    this.inputShape = inputShape;
    this.outputShape = outputShape;
    this.arrays = arrays;
    arrays.output().retain();
    this.output = new DjlActivation(network, arrays.output(), images, outputShape, false);
  }

  @Override
  public Activation output() {
    return output;
  }

  @Override
  public List<Activation> pullBack(List<Cotangents> cotangents) {
    return arrays.call(
        () -> {
          Sides sides = new Sides();
          cotangents.forEach(sides::add);
          if (sides.branches.stream().anyMatch(i -> i != Pulls.NONE)) {
            checkBranch();
          }
          if (cotangents.isEmpty()) {
            return List.of();
          }
          return EngineNetwork.usingAll(
              sides.activations,
              engineArrays -> handOut(arrays.forward().pullBack(sides.pulls(engineArrays))));
        });
  }

  private List<Activation> handOut(List<NDArray> results) {
    return results.stream()
        .<Activation>map(result -> network.activation(result, images, inputShape))
        .toList();
  }

  private void checkBranch() {
    if (!arrays.forward().hasBranch()) {
      throw new InvalidInputException(
          "a branch cotangent for a step whose branch gain is 0: its branch was not run");
    }
  }

  private DjlActivation checked(Activation cotangent) {
    DjlActivation own = network.own("cotangent", 0, cotangent, outputShape);
    Arguments.checkImages(own.images(), images);
    return own;
  }

  /** The cotangents' arrays, each of them once. */
  private final class Sides {
    private final IdentityHashMap<DjlActivation, Integer> indices = new IdentityHashMap<>();
    private final List<DjlActivation> activations = new ArrayList<>();
    private final List<Integer> skips = new ArrayList<>();
    private final List<Double> skipWeights = new ArrayList<>();
    private final List<Integer> branches = new ArrayList<>();
    private final List<Double> branchWeights = new ArrayList<>();

    void add(Cotangents cotangents) {
      skips.add(index(cotangents.skip()));
      skipWeights.add(cotangents.skipWeight());
      branches.add(index(cotangents.branch()));
      branchWeights.add(cotangents.branchWeight());
    }

    private int index(@Nullable Activation cotangent) {
      if (cotangent == null) {
        return Pulls.NONE;
      }
      DjlActivation own = checked(cotangent);
      return indices.computeIfAbsent(
          own,
          first -> {
            activations.add(first);
            return activations.size() - 1;
          });
    }

    Pulls pulls(List<NDArray> engineArrays) {
      return new Pulls(engineArrays, skips, skipWeights, branches, branchWeights);
    }
  }

  @Override
  public Map<String, double[]> parameterGradient(Cotangents cotangents) {
    return arrays.call(
        () -> {
          Sides sides = new Sides();
          sides.add(cotangents);
          if (cotangents.branch() != null) {
            checkBranch();
          }
          return EngineNetwork.usingAll(
              sides.activations,
              engineArrays ->
                  arrays.gradient(
                      side(engineArrays, sides.skips.get(0)),
                      cotangents.skipWeight(),
                      side(engineArrays, sides.branches.get(0)),
                      cotangents.branchWeight()));
        });
  }

  private static @Nullable NDArray side(List<NDArray> arrays, int index) {
    return index == Pulls.NONE ? null : arrays.get(index);
  }

  @Override
  public void close() {
    output.close();
    arrays.close();
  }

  /** A stem's trace: a step that has a branch alone. */
  static StemTrace ofStem(EngineTrace trace) {
    return new StemTrace() {
      @Override
      public Activation output() {
        return trace.output();
      }

      @Override
      public List<Activation> pullBack(List<Activation> cotangents) {
        return trace.pullBack(cotangents.stream().map(v -> Cotangents.ofBranch(v, 1)).toList());
      }

      @Override
      public Map<String, double[]> parameterGradient(Activation cotangent) {
        return trace.parameterGradient(Cotangents.ofBranch(cotangent, 1));
      }

      @Override
      public void close() {
        trace.close();
      }
    };
  }
}
