package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.network.Architecture;
import java.util.List;

/**
 * Which blocks each mini-batch is trained through. A dropped block passes its input on through its
 * skip connection alone (a plain block through what stands in for it). What is drawn depends on
 * (seed, step) alone, or (seed, step, image of the batch).
 *
 * <p>Where the draw is one for the whole batch, a dropped block costs no forward or backward work,
 * its running statistics do not change, and its branch's parameters get no gradient.
 */
public sealed interface TrainingWiring {
  /** {@return every block, in every batch} */
  static TrainingWiring allBlocks() {
    return new AllBlocks();
  }

  /**
   * Stochastic depth as published (Huang et al. 2016): block l of L survives with probability 1 -
   * (l / L) · (1 - last), drawn for each batch; branches are multiplied by it at test time.
   *
   * @param last the survival probability of the last block, in (0, 1]
   * @return the wiring
   */
  static StochasticDepth stochasticDepth(double last) {
    return new StochasticDepth(
        last, SurvivalCurve.LINEAR_DECAY, DrawFor.BATCH, SurvivalScaling.AT_TEST_TIME);
  }

  /**
   * Exactly so many blocks in each batch, all sets of blocks being as likely: the paper's "only
   * effective paths" has 23 of 54 (end of section 5). Without scaling.
   *
   * @param blocks how many, at least 0
   * @return the wiring
   */
  static ExactlyKept exactly(int blocks) {
    return new ExactlyKept(blocks, Exclusion.none(), KeptScaling.NONE);
  }

  /**
   * The probability of each block to be in a batch's wiring.
   *
   * @param architecture the network
   * @return one value for each block
   * @throws InvalidInputException if the wiring does not fit the network
   */
  default List<Double> survivalProbabilities(Architecture architecture) {
    return WiringDraws.survival(this, architecture);
  }

  /**
   * The network that training makes: its description with the test-time gains that belong to this
   * wiring.
   *
   * @param architecture what training starts from
   * @return the description of the trained network
   * @throws InvalidInputException if the wiring does not fit the network
   */
  default Architecture trainedArchitecture(Architecture architecture) {
    return WiringDraws.trained(this, architecture);
  }

  /** Every block, with the network's own gains. */
  @JsonForm(kind = "allblocks")
  record AllBlocks() implements TrainingWiring {}

  /**
   * Every block survives or is dropped by a coin of its own. The network's own gains are replaced.
   *
   * @param last the survival probability of the last block, in (0, 1]
   * @param curve how the probability depends on the block
   * @param drawFor what a coin is tossed for
   * @param scaling where the expected output is kept
   */
  @JsonForm(kind = "stochasticdepth")
  record StochasticDepth(double last, SurvivalCurve curve, DrawFor drawFor, SurvivalScaling scaling)
      implements TrainingWiring {
    /**
     * Checks the probability.
     *
     * @param last the survival probability of the last block
     * @param curve how the probability depends on the block
     * @param drawFor what a coin is tossed for
     * @param scaling where the expected output is kept
     * @throws InvalidInputException if it is not in (0, 1]
     */
    public StochasticDepth {
      Require.present("curve", curve);
      Require.present("drawFor", drawFor);
      Require.present("scaling", scaling);
      if (!(last > 0 && last <= 1)) {
        throw new InvalidInputException("a survival probability lies in (0, 1], got " + last);
      }
    }

    /**
     * Sets how the probability depends on the block.
     *
     * @param curve the new one
     * @return the changed copy
     */
    public StochasticDepth withCurve(SurvivalCurve curve) {
      return new StochasticDepth(last, curve, drawFor, scaling);
    }

    /**
     * Sets what a coin is tossed for.
     *
     * @param drawFor the new one
     * @return the changed copy
     */
    public StochasticDepth withDrawFor(DrawFor drawFor) {
      return new StochasticDepth(last, curve, drawFor, scaling);
    }

    /**
     * Sets where the expected output is kept.
     *
     * @param scaling the new one
     * @return the changed copy
     */
    public StochasticDepth withScaling(SurvivalScaling scaling) {
      return new StochasticDepth(last, curve, drawFor, scaling);
    }
  }

  /**
   * Exactly so many blocks in each batch. The network's own gains are replaced.
   *
   * @param blocks how many are kept in all, at least 0
   * @param always blocks that are kept in every batch; they count
   * @param scaling what the trained network's test-time gains are
   */
  @JsonForm(kind = "exactlykept")
  record ExactlyKept(int blocks, Exclusion always, KeptScaling scaling) implements TrainingWiring {
    /**
     * Checks the count.
     *
     * @param blocks how many are kept in all
     * @param always blocks that are kept in every batch
     * @param scaling the test-time gains
     * @throws InvalidInputException if it is negative
     */
    public ExactlyKept {
      Require.present("always", always);
      Require.present("scaling", scaling);
      if (blocks < 0) {
        throw new InvalidInputException("the blocks kept are at least 0, got " + blocks);
      }
    }

    /**
     * Sets the blocks that are kept in every batch.
     *
     * @param always such as {@link Exclusion#transitions()}
     * @return the changed copy
     */
    public ExactlyKept withAlways(Exclusion always) {
      return new ExactlyKept(blocks, always, scaling);
    }

    /**
     * Sets the test-time gains.
     *
     * @param scaling the new one
     * @return the changed copy
     */
    public ExactlyKept withScaling(KeptScaling scaling) {
      return new ExactlyKept(blocks, always, scaling);
    }
  }

  /** How a survival probability depends on the block. */
  enum SurvivalCurve {
    /** The same for all blocks. */
    UNIFORM,
    /** Falling linearly from 1 at y_0 to the last block's: 1 - (l / L) · (1 - last). */
    LINEAR_DECAY
  }

  /** What a coin is tossed for. */
  enum DrawFor {
    /** The whole batch: a dropped block costs nothing. */
    BATCH,
    /**
     * Each image of the batch: dropped branches are computed and multiplied by 0, and count in
     * BatchNorm's statistics.
     */
    IMAGE
  }

  /** How stochastic depth keeps a block's expected output. */
  enum SurvivalScaling {
    /**
     * A surviving branch counts fully in training; at test time it is multiplied by its survival
     * probability, which is the trained network's test-time gain (Huang et al. 2016).
     */
    AT_TEST_TIME,
    /** A surviving branch is divided by its survival probability in training; test-time gain 1. */
    IN_TRAINING
  }

  /** The test-time gains of a network trained with exactly so many blocks. */
  enum KeptScaling {
    /** 1. */
    NONE,
    /** The probability of the block to be kept. */
    KEPT_SHARE
  }
}
