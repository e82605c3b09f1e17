package io.github.resnetensembles.djl.internal;

/**
 * The mean cross-entropy of a batch and its gradient with respect to the logits, in double.
 *
 * @param gradient (softmax - one-hot) / N, laid out (N, classes); not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record CrossEntropy(double mean, double[] gradient) {
  /** The loss of logits (N, classes). */
  static CrossEntropy of(double[] logits, int[] labels, int classes) {
    double sum = 0;
    double[] gradient = new double[logits.length];
    for (int i = 0; i < labels.length; i++) {
      int row = i * classes;
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        max = Math.max(max, logits[row + c]);
      }
      double total = 0;
      for (int c = 0; c < classes; c++) {
        gradient[row + c] = Math.exp(logits[row + c] - max);
        total += gradient[row + c];
      }
      sum += Math.log(total) + max - logits[row + labels[i]];
      for (int c = 0; c < classes; c++) {
        gradient[row + c] /= total * labels.length;
      }
      gradient[row + labels[i]] -= 1.0 / labels.length;
    }
    return new CrossEntropy(sum / labels.length, gradient);
  }
}
