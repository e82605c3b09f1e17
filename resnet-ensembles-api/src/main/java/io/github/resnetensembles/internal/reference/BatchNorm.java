package io.github.resnetensembles.internal.reference;

/** BatchNorm in eval mode: (x - mean) / sqrt(variance + epsilon) · scale + shift, per channel. */
final class BatchNorm implements Layer {
  private final double[] scale;
  private final double[] shift;
  private final double[] mean;
  private final double[] variance;
  private final double epsilon;

  BatchNorm(double[] scale, double[] shift, double[] mean, double[] variance, double epsilon) {
    this.scale = scale;
    this.shift = shift;
    this.mean = mean;
    this.variance = variance;
    this.epsilon = epsilon;
  }

  @Override
  public Features apply(Features input) {
    Features output = Features.zeros(input.images(), input.shape());
    int channels = input.shape().channels();
    int plane = input.shape().height() * input.shape().width();
    double[] x = input.values();
    double[] y = output.values();
    for (int i = 0; i < input.images() * channels; i++) {
      int c = i % channels;
      double deviation = Math.sqrt(variance[c] + epsilon);
      for (int p = i * plane; p < (i + 1) * plane; p++) {
        y[p] = (x[p] - mean[c]) / deviation * scale[c] + shift[c];
      }
    }
    return output;
  }
}
