package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;

/** The arithmetic of learning rates. */
final class Schedules {
  private Schedules() {}

  static void requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidInputException(what + " must be positive and finite, got " + value);
    }
  }

  static double rate(LearningRate schedule, long step, int stepsPerEpoch, int epochs) {
    double steps = (double) stepsPerEpoch * epochs;
    if (schedule instanceof LearningRate.Piecewise piecewise) {
      return piecewise(piecewise, step / stepsPerEpoch + 1);
    }
    if (schedule instanceof LearningRate.Cosine cosine) {
      return between(cosine.peak(), cosine.last(), step / steps);
    }
    if (schedule instanceof LearningRate.OneCycle cycle) {
      return oneCycle(cycle, step, steps);
    }
    LearningRate.WarmUp warmUp = (LearningRate.WarmUp) schedule;
    double warmUpSteps = Math.ceil(warmUp.epochs() * stepsPerEpoch);
    return rate(warmUp.then(), step, stepsPerEpoch, epochs) * Math.min(1, (step + 1) / warmUpSteps);
  }

  private static double piecewise(LearningRate.Piecewise piecewise, long epoch) {
    double rate = piecewise.first();
    for (LearningRate.Change change : piecewise.changes()) {
      if (epoch >= change.epoch()) {
        rate = change.rate();
      }
    }
    return rate;
  }

  private static double oneCycle(LearningRate.OneCycle cycle, long step, double steps) {
    double first = cycle.peak() / cycle.divisor();
    double last = first / cycle.finalDivisor();
    // PyTorch's turning points. They may fall outside the few steps of a very short training.
    double top = cycle.upShare() * steps - 1;
    if (step <= top) {
      return between(first, cycle.peak(), top > 0 ? step / top : 1);
    }
    return between(cycle.peak(), last, Math.min(1, (step - top) / (steps - 1 - top)));
  }

  /** From one value to another along half a cosine; StrictMath, for the same bits everywhere. */
  private static double between(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * share));
  }
}
