package io.github.resnetensembles.internal.statistics;

import org.apache.commons.statistics.inference.BinomialTest;

/** The exact McNemar test. */
final class McNemar {
  private McNemar() {}

  static double pValue(int lost, int won) {
    return lost + won == 0
        ? 1
        : BinomialTest.withDefaults().test(lost + won, lost, 0.5).getPValue();
  }
}
