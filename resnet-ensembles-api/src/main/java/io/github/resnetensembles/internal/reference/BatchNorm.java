package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.Set;

/**
 * BatchNorm: (x - mean) / sqrt(variance + epsilon) · scale + shift, per channel. In eval mode mean
 * and variance are the stored ones, in train mode those of the batch, the variance being the biased
 * one.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record BatchNorm(
    String name, double[] scale, double[] shift, double[] mean, double[] variance, double epsilon)
    implements Operation {
  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    if (mode == BatchNormMode.EVAL) {
      return new Trace(input, mean, variance, false);
    }
    double[] x = input.values();
    double[] batchMean = channelMeans(input, (i, c) -> x[i]);
    double[] batchVariance =
        channelMeans(input, (i, c) -> (x[i] - batchMean[c]) * (x[i] - batchMean[c]));
    return new Trace(input, batchMean, batchVariance, true);
  }

  /** How many values of a batch each channel has. */
  private static int count(Features features) {
    return features.values().length / features.shape().channels();
  }

  private static double[] channelMeans(Features features, Term term) {
    double[] means = new double[features.shape().channels()];
    for (int i = 0; i < features.values().length; i++) {
      int c = features.channel(i);
      means[c] += term.of(i, c);
    }
    for (int c = 0; c < means.length; c++) {
      means[c] /= count(features);
    }
    return means;
  }

  /** What the value at an index adds to the sum of its channel. */
  @FunctionalInterface
  private interface Term {
    double of(int index, int channel);
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
      double[] x = input.values();
      normalised = input.like(i -> (x[i] - mean[input.channel(i)]) / deviation[input.channel(i)]);
      output =
          input.like(
              i -> normalised.values()[i] * scale[input.channel(i)] + shift[input.channel(i)]);
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
      double[] x = normalised.values();
      double[] meanOfV = channelMeans(cotangent, (i, c) -> ofBatch ? v[i] : 0);
      double[] meanOfVx = channelMeans(cotangent, (i, c) -> ofBatch ? v[i] * x[i] : 0);
      return cotangent.like(
          i -> {
            int c = cotangent.channel(i);
            double centred = ofBatch ? v[i] - meanOfV[c] - x[i] * meanOfVx[c] : v[i];
            return scale[c] / deviation[c] * centred;
          });
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
        int c = cotangent.channel(i);
        toScale[c] += cotangent.values()[i] * normalised.values()[i];
        toShift[c] += cotangent.values()[i];
      }
    }
  }
}
