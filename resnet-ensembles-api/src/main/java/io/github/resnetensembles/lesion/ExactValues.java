package io.github.resnetensembles.lesion;

import com.google.common.math.LongMath;
import io.github.resnetensembles.internal.io.Interrupts;
import java.util.BitSet;

/**
 * Values of the players of a game whose every coalition is known; bit i of a number is player i.
 */
final class ExactValues {
  private static final Interrupts INTERRUPTS = Interrupts.during("block values were computed");

  private final int players;
  private final double[] payoffs;

  ExactValues(int players, double[] payoffs) {
    this.players = players;
    this.payoffs = payoffs;
  }

  double shapley(int player) {
    double sum = 0;
    for (int without = 0; without < payoffs.length; without++) {
      INTERRUPTS.check(without);
      if ((without >> player & 1) == 0) {
        sum +=
            weight(players, Integer.bitCount(without))
                * (payoffs[without | 1 << player] - payoffs[without]);
      }
    }
    return sum;
  }

  double banzhaf(int player) {
    double sum = 0;
    for (int without = 0; without < payoffs.length; without++) {
      INTERRUPTS.check(without);
      if ((without >> player & 1) == 0) {
        sum += payoffs[without | 1 << player] - payoffs[without];
      }
    }
    return sum / (payoffs.length / 2.0);
  }

  /** The Shapley interaction index: the Shapley weights of a game in which the two are one. */
  double interaction(int first, int second) {
    int pair = 1 << first | 1 << second;
    double sum = 0;
    for (int without = 0; without < payoffs.length; without++) {
      INTERRUPTS.check(without);
      if ((without & pair) == 0) {
        sum +=
            weight(players - 1, Integer.bitCount(without))
                * (payoffs[without | pair]
                    - payoffs[without | 1 << first]
                    - payoffs[without | 1 << second]
                    + payoffs[without]);
      }
    }
    return sum;
  }

  /** How likely a coalition of a size precedes a player in a random order. */
  private static double weight(int players, int size) {
    return 1.0 / (players * (double) LongMath.binomial(players - 1, size));
  }

  /** For each player, the Shapley value of the game "is this image right" for each image. */
  double[][] shapleyByImage(BitSet[] wrong, int images) {
    double[][] values = new double[players][images];
    for (int coalition = 0; coalition < wrong.length; coalition++) {
      INTERRUPTS.check(coalition);
      int size = Integer.bitCount(coalition);
      for (int player = 0; player < players; player++) {
        // Wrong with the player counts against it, wrong without the player in its favour.
        double weight =
            (coalition >> player & 1) == 1 ? -weight(players, size - 1) : weight(players, size);
        double[] of = values[player];
        wrong[coalition].stream().forEach(image -> of[image] += weight);
      }
    }
    return values;
  }
}
