package io.github.resnetensembles.model;

import java.util.Arrays;
import java.util.Map;

/** Norms from inner products. */
final class Dots {
  private Dots() {}

  /** The norm of a batch tensor, from the squares of its images. */
  static double norm(double[] squares) {
    return Math.sqrt(Arrays.stream(squares).sum());
  }

  /** The mean over the images of an image's own norm: the loss is the mean over the batch. */
  static double imageNorm(double[] squares) {
    return Arrays.stream(squares).map(Math::sqrt).sum();
  }

  static double of(Map<String, double[]> a, Map<String, double[]> b) {
    double sum = 0;
    for (Map.Entry<String, double[]> entry : a.entrySet()) {
      double[] left = entry.getValue();
      double[] right = b.getOrDefault(entry.getKey(), new double[left.length]);
      for (int i = 0; i < left.length; i++) {
        sum += left[i] * right[i];
      }
    }
    return sum;
  }
}
