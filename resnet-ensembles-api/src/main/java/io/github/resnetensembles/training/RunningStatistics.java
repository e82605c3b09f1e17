package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingNetwork.StemPass;
import io.github.resnetensembles.spi.TrainingNetwork.StepPass;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;

/** Estimates BatchNorm's running statistics of lesioned networks anew. */
record RunningStatistics(
    Weights weights, Backend backend, ModelOptions options, ImageSet images, int batchSize) {
  static RunningStatistics of(
      Weights weights, Backend backend, ModelOptions options, ImageSet given, int batchSize) {
    ImageSet images = Pixels.fitting(given, weights.architecture());
    if (images.size() < 2) {
      throw new InvalidImagesException(
          "statistics are estimated on at least 2 images, " + images.name() + " has one");
    }
    return new RunningStatistics(weights, backend, options, images, batchSize);
  }

  /** How many images the statistics come from. */
  int usedImages() {
    return Math.min(images.size(), TrainingBatches.count(images, batchSize) * batchSize);
  }

  String describeImages() {
    return images.name() + ", records " + RecordRange.of(images);
  }

  /** The wiring of a lesion; refuses what has no statistics of one forward pass. */
  Wiring wiring(Lesion lesion) {
    Wiring wiring = lesion.applyTo(weights.architecture());
    Set<Integer> seen = new HashSet<>();
    for (Step step : wiring.steps()) {
      if (!seen.add(step.block())) {
        throw refused(lesion, "runs block " + step.block() + " more than once");
      }
      if (step.replacesBranch()) {
        throw refused(lesion, "replaces the branch output of block " + step.block());
      }
    }
    return wiring;
  }

  private static InvalidLesionException refused(Lesion lesion, String what) {
    return new InvalidLesionException(
        ("statistics cannot be estimated after %s, which %s; recalibrate deletions,"
                + " scaling, new orders or single paths instead")
            .formatted(Names.shorten(lesion), what));
  }

  /**
   * The weights with the estimated statistics.
   *
   * @param listener told after every batch how many images are done
   */
  Weights weights(Lesion lesion, IntConsumer listener) {
    Wiring wiring = wiring(lesion);
    // With the momentum 1 the running statistics after a batch are the batch's.
    TrainingOptions training = new TrainingOptions(options, BatchNormMode.TRAIN, 1);
    try (TrainingNetwork network = backend.training(weights, training)) {
      Map<String, double[]> means = new LinkedHashMap<>();
      for (int b = 0; b < TrainingBatches.count(images, batchSize); b++) {
        if (Thread.currentThread().isInterrupted()) {
          throw new RunInterruptedException(
              "interrupted while statistics were estimated after " + lesion);
        }
        int from = b * batchSize;
        ImageBatch batch = images.batch(from, Math.min(batchSize, images.size() - from));
        forward(network, wiring, batch);
        average(means, network.tensors(), b + 1);
        listener.accept(from + batch.size());
      }
      Map<String, double[]> tensors = network.tensors();
      tensors.putAll(means);
      return Snapshots.of(
          weights.architecture(),
          tensors,
          network.info().precision(),
          weights.trained(),
          "statistics of %s estimated on %s, in batches of %s; all else from %s"
              .formatted(Names.shorten(lesion), describeImages(), batchSize, weights.source()),
          complaint -> notFinite(lesion, complaint));
    }
  }

  private InvalidInputException notFinite(Lesion lesion, String complaint) {
    return new InvalidInputException(
        "the statistics of %s after %s cannot be estimated on %s: %s; leave the lesion out"
            .formatted(
                weights.architecture().name(), Names.shorten(lesion), describeImages(), complaint));
  }

  private static void forward(TrainingNetwork network, Wiring wiring, ImageBatch batch) {
    Architecture architecture = network.architecture();
    StemPass stem = network.stem(Pixels.normalised(batch, architecture), batch.size());
    Runnable close = stem::close;
    try {
      Activation y = stem.output();
      for (Step step : wiring.steps()) {
        double[] skipGain = {step.skipGain()};
        double[] branchGain = {step.branchGain()};
        StepPass pass = network.step(step.block(), skipGain, branchGain, y);
        close.run();
        close = pass::close;
        y = pass.output();
      }
      network.head(y, batch.labels(), 0).close();
    } finally {
      close.run();
    }
  }

  /** Moves means so that what does not change from batch to batch stays as it is, bit by bit. */
  private void average(Map<String, double[]> means, Map<String, double[]> tensors, int batches) {
    for (ParameterSpec parameter : weights.architecture().parameters()) {
      if (!parameter.role().trainable()) {
        double[] values = Objects.requireNonNull(tensors.get(parameter.name()));
        double[] mean = means.computeIfAbsent(parameter.name(), name -> values.clone());
        for (int i = 0; i < mean.length; i++) {
          mean[i] += (values[i] - mean[i]) / batches;
        }
      }
    }
  }
}
