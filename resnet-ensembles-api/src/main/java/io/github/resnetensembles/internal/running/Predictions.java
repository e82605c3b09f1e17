package io.github.resnetensembles.internal.running;

/** What logits predict. */
public final class Predictions {
  private static final int TOP = 5;

  private Predictions() {}

  /** The class with the largest of one image's logits, the first of equals. */
  public static int of(double[] logits, int offset, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[offset + c] > logits[offset + best]) {
        best = c;
      }
    }
    return best;
  }

  /** Whether a class is among the five largest of one image's logits, the first of equals. */
  public static boolean inTop5(double[] logits, int offset, int classes, int label) {
    int before = 0;
    for (int c = 0; c < classes; c++) {
      double logit = logits[offset + c];
      if (logit > logits[offset + label] || (logit == logits[offset + label] && c < label)) {
        before++;
      }
    }
    return before < TOP;
  }
}
