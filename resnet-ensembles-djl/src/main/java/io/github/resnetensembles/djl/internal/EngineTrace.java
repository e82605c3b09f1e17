package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.internal.Pulls.Pull;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
    return call(
        cotangents,
        pulls ->
            pulls.pulls().isEmpty()
                ? List.of()
                : network.activations(arrays.forward().pullBack(pulls), images, inputShape));
  }

  private <T> T call(List<Cotangents> cotangents, Function<Pulls, T> work) {
    return arrays.call(
        () -> {
          if (!arrays.forward().hasBranch()
              && cotangents.stream().anyMatch(pair -> pair.branch() != null)) {
            throw new InvalidInputException(
                "a branch cotangent for a step whose branch gain is 0: its branch was not run");
          }
          return Pulls.using(cotangents, this::checked, work);
        });
  }

  private DjlActivation checked(Activation cotangent) {
    DjlActivation own = network.own("cotangent", 0, cotangent, outputShape);
    Arguments.checkImages(own.images(), images);
    return own;
  }

  @Override
  public Map<String, double[]> parameterGradient(Cotangents cotangents) {
    return call(
        List.of(cotangents),
        pulls -> {
          Pull pull = pulls.pulls().get(0);
          return arrays.gradient(
              pulls.array(pull.skip()),
              pull.skipWeight(),
              pulls.array(pull.branch()),
              pull.branchWeight());
        });
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
