package io.github.resnetensembles.internal.statistics;

import org.apache.commons.statistics.inference.BinomialTest;

/** The exact McNemar test. */
public final class McNemar {
  private McNemar() {}

  public static double pValue(int lost, int won) {
    return lost + won == 0
        ? 1
        : BinomialTest.withDefaults().test(lost + won, lost, 0.5).getPValue();
  }
}
