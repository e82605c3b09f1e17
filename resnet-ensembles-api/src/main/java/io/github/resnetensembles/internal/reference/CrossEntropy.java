package io.github.resnetensembles.internal.reference;

/**
 * The loss: cross-entropy with softmax, in nats.
 *
 * @param mean over the images
 * @param gradient of the mean with respect to the logits
 */
record CrossEntropy(double mean, Features gradient) {
  /**
   * The gradient is (softmax - target) / N, with the target (1 - ε) · one-hot + ε / classes.
   *
   * @param smoothing ε
   */
  static CrossEntropy of(Features features, int[] labels, double smoothing) {
    double[] logits = features.values();
    int images = labels.length;
    int classes = logits.length / images;
    Features gradient = Features.zeros(images, features.shape());
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
        gradient.values()[i] = (Math.exp(logits[i] - largest) / sum - target) / images;
      }
    }
    return new CrossEntropy(loss / images, gradient);
  }
}
