package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.Set;

/**
 * BatchNorm: (x - mean) / sqrt(variance + epsilon) · scale + shift, per channel. In eval mode mean
 * and variance are the stored ones, in train mode those of the batch, the variance being the biased
 * one.
 */
final class BatchNorm implements Operation {
  private final String name;
  private final double[] scale;
  private final double[] shift;
  private final double[] mean;
  private final double[] variance;
  private final double epsilon;

  BatchNorm(
      String name,
      double[] scale,
      double[] shift,
      double[] mean,
      double[] variance,
      double epsilon) {
    this.name = name;
    this.scale = scale;
    this.shift = shift;
    this.mean = mean;
    this.variance = variance;
    this.epsilon = epsilon;
  }

  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    return switch (mode) {
      case EVAL -> new Trace(input, mean, variance, false);
      case TRAIN -> {
        double[] batchMean = channelSums(input, (x, c) -> x);
        divide(batchMean, count(input));
        double[] batchVariance =
            channelSums(input, (x, c) -> (x - batchMean[c]) * (x - batchMean[c]));
        divide(batchVariance, count(input));
        yield new Trace(input, batchMean, batchVariance, true);
      }
    };
  }

  /** How many values of a batch each channel has. */
  private static int count(Features features) {
    return features.values().length / features.shape().channels();
  }

  private static double[] channelSums(Features features, Term term) {
    double[] sums = new double[features.shape().channels()];
    for (int i = 0; i < features.values().length; i++) {
      int c = channel(features.shape(), i);
      sums[c] += term.of(features.values()[i], c);
    }
    return sums;
  }

  private static int channel(FeatureShape shape, int i) {
    return i / (shape.height() * shape.width()) % shape.channels();
  }

  private static void divide(double[] values, double divisor) {
    for (int i = 0; i < values.length; i++) {
      values[i] /= divisor;
    }
  }

  /** What one value of a channel adds to a sum. */
  @FunctionalInterface
  private interface Term {
    double of(double value, int channel);
  }

  private final class Trace implements LayerTrace {
    private final double[] meanUsed;
    private final double[] varianceUsed;
    private final double[] deviation;
    private final Features normalised;
    private final Features output;

    /** Whether mean and variance depend on the input. */
    private final boolean ofBatch;

    Trace(Features input, double[] mean, double[] variance, boolean ofBatch) {
      this.ofBatch = ofBatch;
      meanUsed = mean;
      varianceUsed = variance;
      deviation = new double[variance.length];
      for (int c = 0; c < deviation.length; c++) {
        deviation[c] = Math.sqrt(variance[c] + epsilon);
      }
      normalised = Features.zeros(input.images(), input.shape());
      output = Features.zeros(input.images(), input.shape());
      for (int i = 0; i < input.values().length; i++) {
        int c = channel(input.shape(), i);
        normalised.values()[i] = (input.values()[i] - mean[c]) / deviation[c];
        output.values()[i] = normalised.values()[i] * scale[c] + shift[c];
      }
    }

    @Override
    public Features output() {
      return output;
    }

    /**
     * In train mode what changes the batch's mean or variance is projected out (Ioffe and Szegedy
     * 2015, section 3): scale/deviation · (v - mean(v) - x̂ · mean(v x̂)).
     */
    @Override
    public Features pullBack(Features cotangent) {
      double[] v = cotangent.values();
      double[] meanOfV = new double[scale.length];
      double[] meanOfVx = new double[scale.length];
      if (ofBatch) {
        for (int i = 0; i < v.length; i++) {
          int c = channel(cotangent.shape(), i);
          meanOfV[c] += v[i];
          meanOfVx[c] += v[i] * normalised.values()[i];
        }
        divide(meanOfV, count(cotangent));
        divide(meanOfVx, count(cotangent));
      }
      Features result = Features.zeros(cotangent.images(), cotangent.shape());
      for (int i = 0; i < v.length; i++) {
        int c = channel(cotangent.shape(), i);
        double centred = ofBatch ? v[i] - meanOfV[c] - normalised.values()[i] * meanOfVx[c] : v[i];
        result.values()[i] = scale[c] / deviation[c] * centred;
      }
      return result;
    }

    /** The running variance takes in the unbiased variance of the batch. */
    @Override
    public void updateStatistics(double momentum, Set<String> updated) {
      if (!updated.add(name)) {
        return;
      }
      double count = count(output);
      if (count < 2) {
        throw new InvalidInputException(
            name + " sees one value for each channel, which has no variance: use larger batches");
      }
      for (int c = 0; c < mean.length; c++) {
        double unbiased = varianceUsed[c] * count / (count - 1);
        mean[c] = (1 - momentum) * mean[c] + momentum * meanUsed[c];
        variance[c] = (1 - momentum) * variance[c] + momentum * unbiased;
      }
    }

    @Override
    public void addGradient(Features cotangent, ParameterGradient gradient) {
      double[] toScale = gradient.of(name + ".weight");
      double[] toShift = gradient.of(name + ".bias");
      for (int i = 0; i < cotangent.values().length; i++) {
        int c = channel(cotangent.shape(), i);
        toScale[c] += cotangent.values()[i] * normalised.values()[i];
        toShift[c] += cotangent.values()[i];
      }
    }
  }
}
