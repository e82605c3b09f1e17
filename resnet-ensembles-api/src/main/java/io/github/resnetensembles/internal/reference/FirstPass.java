package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.UntrainedStatistics;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingNetwork.StepPass;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One batch through a network that nobody has trained, as it would go in training. */
public final class FirstPass implements UntrainedStatistics {
  /** One of each class of the library's images. */
  private static final int MOST_IMAGES = 10;

  private static final int LEAST_IMAGES = 4;

  /** Larger images are no other signals, and take longer. */
  private static final int LARGEST = 64;

  /** What plain Java multiplies in a few seconds. */
  private static final long MULTIPLICATIONS = 2_000_000_000L;

  private static final double[] NONE = {0};

  @Override
  public Map<String, double[]> of(Architecture given, Map<String, float[]> tensors) {
    Architecture architecture = small(given);
    long fitting = MULTIPLICATIONS / Math.max(1, architecture.multiplyAccumulates());
    int images = (int) Math.max(LEAST_IMAGES, Math.min(MOST_IMAGES, fitting));
    List<NamedTensor> named = new ArrayList<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      float[] values = Objects.requireNonNull(tensors.get(parameter.name()), parameter.name());
      named.add(NamedTensor.of(parameter.name(), parameter.shape(), values));
    }
    Weights weights = Weights.of(architecture, named, false, "drawn");
    // With the momentum 1 the running statistics after a batch are the batch's.
    TrainingOptions options = new TrainingOptions(ModelOptions.defaults(), BatchNormMode.TRAIN, 1);
    try (TrainingNetwork network = new ReferenceBackend().training(weights, options)) {
      run(network, images);
      Map<String, double[]> statistics = new LinkedHashMap<>();
      Map<String, double[]> after = network.tensors();
      for (ParameterSpec parameter : architecture.parameters()) {
        if (!parameter.role().trainable()) {
          statistics.put(parameter.name(), Objects.requireNonNull(after.get(parameter.name())));
        }
      }
      return statistics;
    }
  }

  /** The network for images that are not large, if it takes them. */
  private static Architecture small(Architecture architecture) {
    InputSpec input = architecture.input();
    if (input.height() <= LARGEST && input.width() <= LARGEST) {
      return architecture;
    }
    try {
      Architecture small = architecture.toBuilder().input(input.withSize(LARGEST)).build();
      return small.parameters().equals(architecture.parameters()) ? small : architecture;
    } catch (InvalidInputException e) {
      return architecture;
    }
  }

  private static void run(TrainingNetwork network, int images) {
    Architecture architecture = network.architecture();
    Activation y;
    try (TrainingNetwork.StemPass stem =
        network.stem(pixels(architecture.input().paddedShape(), images), images)) {
      y = stem.output();
      for (Block block : architecture.blocks()) {
        double[] skipGain = block.spec().plain() ? NONE : new double[] {1};
        try (StepPass pass =
            network.step(block.number(), skipGain, new double[] {block.spec().gain()}, y)) {
          y = network.activation(pass.output().values(), images, block.output());
        }
      }
      network.head(y, new int[images], 0).close();
    }
  }

  /** The library's images in any size and number of channels, with the mean 0 and variance 1. */
  private static float[] pixels(FeatureShape shape, int images) {
    ImageBatch batch = ImageSets.builtIn(ImageSets.Split.TRAIN).batch(0, images);
    FeatureShape given = batch.shape();
    float[] source = batch.pixels();
    double mean = 0;
    double square = 0;
    for (float value : source) {
      mean += value / source.length;
      square += (double) value * value / source.length;
    }
    double deviation = Math.sqrt(square - mean * mean);
    float[] pixels = new float[images * shape.size()];
    int to = 0;
    for (int n = 0; n < images; n++) {
      for (int c = 0; c < shape.channels(); c++) {
        int plane = (n * given.channels() + c % given.channels()) * given.height() * given.width();
        for (int y = 0; y < shape.height(); y++) {
          int row = plane + (int) ((long) y * given.height() / shape.height()) * given.width();
          for (int x = 0; x < shape.width(); x++) {
            float value = source[row + (int) ((long) x * given.width() / shape.width())];
            pixels[to++] = (float) ((value - mean) / deviation);
          }
        }
      }
    }
    return pixels;
  }
}
