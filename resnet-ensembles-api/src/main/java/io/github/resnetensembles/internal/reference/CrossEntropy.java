package io.github.resnetensembles.internal.reference;

/** The loss: cross-entropy with softmax, in nats. */
final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * The mean over the images; writes its gradient, (softmax - target) / N, with the target (1 - ε)
   * · one-hot + ε / classes.
   *
   * @param smoothing ε
   */
  static double mean(double[] logits, int[] labels, double smoothing, double[] gradient) {
    int images = labels.length;
    int classes = logits.length / images;
    double loss = 0;
    for (int n = 0; n < images; n++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        largest = Math.max(largest, logits[n * classes + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[n * classes + c] - largest);
      }
      for (int c = 0; c < classes; c++) {
        int i = n * classes + c;
        double target = (c == labels[n] ? 1 - smoothing : 0) + smoothing / classes;
        if (target > 0) {
          loss += target * (Math.log(sum) + largest - logits[i]);
        }
        gradient[i] = (Math.exp(logits[i] - largest) / sum - target) / images;
      }
    }
    return loss / images;
  }
}
