package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import java.util.List;

/**
 * How the blocks are connected for one evaluation: a sequence of steps. Everything this library
 * measures is "run the network with this wiring".
 *
 * @param steps in the order they are run
 */
public record Wiring(List<Step> steps) {
  /**
   * One step: y = post(skipGain · s(x) + branchGain · f(x)).
   *
   * @param block the block that is run, from 1
   * @param skipGain the factor of its skip connection, finite
   * @param branchGain the factor of its residual branch, finite; at 0 the branch is not computed
   * @param source where the branch's output comes from
   */
  public record Step(int block, double skipGain, double branchGain, BranchSource source) {
    /**
     * Checks the ranges.
     *
     * @param block the block that is run
     * @param skipGain the factor of its skip connection
     * @param branchGain the factor of its residual branch
     * @param source where the branch's output comes from
     * @throws InvalidLesionException if the block is below 1 or a gain is not finite
     */
    public Step {
      Require.present("source", source);
      if (block < 1) {
        throw new InvalidLesionException("blocks are numbered from 1, got " + block);
      }
      if (!Double.isFinite(skipGain) || !Double.isFinite(branchGain)) {
        throw new InvalidLesionException(
            "the gains of block %s must be finite, got %s and %s"
                .formatted(block, skipGain, branchGain));
      }
      skipGain = Numbers.unsignedZero(skipGain);
      branchGain = Numbers.unsignedZero(branchGain);
    }

    /**
     * {@return whether running this step computes the branch: its gain is not 0 and the source
     * takes it}
     */
    public boolean computesBranch() {
      return branchGain != 0 && source.computed();
    }

    /**
     * {@return whether another output stands in for the branch's own: its gain is not 0 and the
     * output is not its own; with a gain of 0 no output is needed}
     */
    public boolean replacesBranch() {
      return branchGain != 0 && !(source instanceof BranchSource.Own);
    }
  }

  /**
   * Copies the steps.
   *
   * @param steps in the order they are run
   */
  public Wiring {
    steps = List.copyOf(steps);
  }

  /**
   * The wiring of the undamaged network: every block once, skip gain 1 (0 in a plain block), branch
   * gain the block's test-time gain.
   *
   * @param architecture the network
   * @return its intact wiring
   */
  public static Wiring intact(Architecture architecture) {
    return new Wiring(
        architecture.blocks().stream()
            .map(
                block ->
                    new Step(
                        block.number(),
                        block.spec().plain() ? 0 : 1,
                        block.spec().gain(),
                        BranchSource.own()))
            .toList());
  }

  /**
   * Checks that this wiring can be run.
   *
   * @param architecture the network
   * @throws InvalidLesionException if a block does not exist or a step's input shape is not its
   *     predecessor's output shape; the message names both
   */
  public void validate(Architecture architecture) {
    FeatureShape shape = architecture.stemOutput();
    for (int i = 0; i < steps.size(); i++) {
      Block block = architecture.block(steps.get(i).block());
      if (!block.input().equals(shape)) {
        throw new InvalidLesionException(
            "block %s takes %s and cannot be step %s, where the features have the shape %s"
                .formatted(block.number(), block.input(), i + 1, shape));
      }
      shape = block.output();
    }
    if (!shape.equals(architecture.finalOutput())) {
      throw new InvalidLesionException(
          "the wiring ends with features of shape %s but the head takes %s"
              .formatted(shape, architecture.finalOutput()));
    }
  }

  /** {@return how many branches one image costs: the steps whose branch is computed} */
  public int blockEvaluations() {
    return (int) steps.stream().filter(Step::computesBranch).count();
  }

  /** {@return whether in a step another output stands in for its branch's own} */
  public boolean replacesBranches() {
    return steps.stream().anyMatch(Step::replacesBranch);
  }

  /**
   * {@return the block numbers in the order they are run; a duplicated block occurs more than once}
   */
  public List<Integer> order() {
    return steps.stream().map(Step::block).toList();
  }
}
