package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.InvalidInputException;

/** The mean cross-entropy of a batch and its gradient with respect to the logits, in double. */
final class CrossEntropy {
  private final double mean;
  private final double[] gradient;

  private CrossEntropy(double mean, double[] gradient) {
    this.mean = mean;
    this.gradient = gradient;
  }

  static void checkLabels(int[] labels, int images, int classes) {
    if (labels.length != images) {
      throw new InvalidInputException(images + " images have " + labels.length + " labels");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new InvalidInputException(
            "label "
                + labels[i]
                + " of image "
                + i
                + " of the batch is not one of the classes 0 to "
                + (classes - 1));
      }
    }
  }

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

  double mean() {
    return mean;
  }

  /** {@return (softmax - one-hot) / N, laid out (N, classes); not to be changed} */
  double[] gradient() {
    return gradient;
  }
}
