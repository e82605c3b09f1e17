package io.github.resnetensembles.internal.running;

/** What logits predict. */
public final class Predictions {
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
}
