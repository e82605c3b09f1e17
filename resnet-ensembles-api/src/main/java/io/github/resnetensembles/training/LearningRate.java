package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.List;

/** A learning rate for every training step. */
public sealed interface LearningRate {
  /**
   * The rate of one step.
   *
   * @param step from 0, counted over the whole training
   * @param stepsPerEpoch at least 1
   * @param epochs of the whole training, at least 1
   * @return the rate, at least 0
   */
  default double at(long step, int stepsPerEpoch, int epochs) {
    return Schedules.rate(this, step, stepsPerEpoch, epochs);
  }

  /**
   * One rate from the first step to the last.
   *
   * @param rate positive
   * @return the learning rate
   */
  static LearningRate constant(double rate) {
    return new Piecewise(rate, List.of());
  }

  /**
   * A rate that changes at the start of given epochs.
   *
   * @param first the rate before the first change, positive
   * @param changes in increasing order of their epochs
   * @return the learning rate
   */
  static LearningRate piecewise(double first, Change... changes) {
    return new Piecewise(first, List.of(changes));
  }

  /**
   * Half a cosine from a peak down to 0, as PyTorch's {@code CosineAnnealingLR} over all steps.
   *
   * @param peak positive
   * @return the learning rate
   */
  static LearningRate cosine(double peak) {
    return new Cosine(peak, 0);
  }

  /**
   * Up to a peak and down again, as PyTorch's {@code OneCycleLR} with its defaults: from peak/25,
   * up in 30 % of the steps, down to peak/250,000, both along half a cosine.
   *
   * @param peak positive
   * @return the learning rate
   */
  static LearningRate oneCycle(double peak) {
    return new OneCycle(peak, 0.3, 25, 1e4);
  }

  /**
   * This learning rate, multiplied in the first W steps by (step + 1) / W.
   *
   * @param epochs how long, positive; W is that many epochs, rounded up to whole steps
   * @return the learning rate
   */
  default LearningRate withWarmUp(double epochs) {
    return new WarmUp(this, epochs);
  }

  /**
   * A change of a {@link Piecewise} rate.
   *
   * @param epoch the first epoch with the new rate, from 2
   * @param rate at least 0
   */
  record Change(int epoch, double rate) {
    /**
     * Checks the ranges.
     *
     * @param epoch the first epoch with the new rate
     * @param rate at least 0
     * @throws InvalidInputException if one is out of range
     */
    public Change {
      if (epoch < 2 || !(rate >= 0) || Double.isInfinite(rate)) {
        throw new InvalidInputException(
            "a learning rate changes at epoch 2 or later to a finite rate of at least 0, got epoch %s and rate %s"
                .formatted(epoch, rate));
      }
      rate = Numbers.unsignedZero(rate);
    }
  }

  /**
   * A rate that changes at the start of given epochs.
   *
   * @param first the rate before the first change, positive
   * @param changes in increasing order of their epochs
   */
  @JsonForm(kind = "piecewise")
  record Piecewise(double first, List<Change> changes) implements LearningRate {
    /**
     * Checks the order.
     *
     * @param first the rate before the first change
     * @param changes in increasing order of their epochs
     * @throws InvalidInputException if the epochs do not increase or the rate is not positive
     */
    public Piecewise {
      Schedules.requirePositive("the learning rate", first);
      changes = List.copyOf(changes);
      for (int i = 1; i < changes.size(); i++) {
        if (changes.get(i).epoch() <= changes.get(i - 1).epoch()) {
          throw new InvalidInputException(
              "changes of a learning rate are given in increasing order of their epochs, got "
                  + Names.shorten(changes));
        }
      }
    }
  }

  /**
   * last + (peak - last) · (1 + cos(π · step / steps)) / 2.
   *
   * @param peak positive
   * @param last at least 0, at most the peak
   */
  @JsonForm(kind = "cosine")
  record Cosine(double peak, double last) implements LearningRate {
    /**
     * Checks the ranges.
     *
     * @param peak positive
     * @param last at least 0
     * @throws InvalidInputException if one is out of range
     */
    public Cosine {
      Schedules.requirePositive("the peak of the learning rate", peak);
      if (!(last >= 0 && last <= peak)) {
        throw new InvalidInputException(
            "the last learning rate lies in [0, " + peak + "], got " + last);
      }
      last = Numbers.unsignedZero(last);
    }
  }

  /**
   * Up from peak/divisor along half a cosine, which ends after the given share of the steps, then
   * down along another to peak/(divisor · finalDivisor): PyTorch's {@code OneCycleLR}.
   *
   * @param peak positive
   * @param upShare in (0, 1)
   * @param divisor at least 1
   * @param finalDivisor at least 1
   */
  @JsonForm(kind = "onecycle")
  record OneCycle(double peak, double upShare, double divisor, double finalDivisor)
      implements LearningRate {
    /**
     * Checks the ranges.
     *
     * @param peak positive
     * @param upShare in (0, 1)
     * @param divisor at least 1
     * @param finalDivisor at least 1
     * @throws InvalidInputException if one is out of range
     */
    public OneCycle {
      Schedules.requirePositive("the peak of the learning rate", peak);
      if (!(upShare > 0 && upShare < 1)
          || !(divisor >= 1 && finalDivisor >= 1)
          || Double.isInfinite(divisor * finalDivisor)) {
        throw new InvalidInputException(
            "one cycle needs a share in (0, 1) and finite divisors of at least 1, got %s, %s and %s"
                .formatted(upShare, divisor, finalDivisor));
      }
    }
  }

  /**
   * Another rate, multiplied in the first W steps by (step + 1) / W.
   *
   * @param then the other rate
   * @param epochs how long, positive
   */
  @JsonForm(kind = "warmup", fields = "epochs then")
  record WarmUp(LearningRate then, double epochs) implements LearningRate {
    /**
     * Checks the range.
     *
     * @param then the other rate
     * @param epochs how long
     * @throws InvalidInputException if it is not positive and finite
     */
    public WarmUp {
      Require.present("then", then);
      Schedules.requirePositive("the number of warm-up epochs", epochs);
    }
  }
}
