package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.internal.wiring.PrefixTree;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Estimates BatchNorm's running statistics of lesioned networks anew. */
record RunningStatistics(
    Weights weights, Backend backend, ModelOptions options, ImageSet images, int batchSize) {
  static RunningStatistics of(
      Weights weights, Backend backend, ModelOptions options, ImageSet given, int batchSize) {
    return new RunningStatistics(
        weights, backend, options, fitting(given, weights.architecture()), batchSize);
  }

  /** The images, if statistics can be estimated on them. */
  static ImageSet fitting(ImageSet given, Architecture architecture) {
    ImageSet images = Pixels.labelled(given, architecture);
    if (images.size() < 2) {
      throw new InvalidImagesException(
          "statistics are estimated on at least 2 images, " + images.name() + " has one");
    }
    return images;
  }

  /** How many images the statistics come from. */
  int usedImages() {
    return usedImages(images, batchSize);
  }

  static int usedImages(ImageSet images, int batchSize) {
    return Math.min(images.size(), TrainingBatches.count(images, batchSize) * batchSize);
  }

  String describeImages() {
    return images.name() + ", records " + RecordRange.of(images);
  }

  /** The wiring of a lesion; refuses what has no statistics of one forward pass. */
  Wiring wiring(Lesion lesion) {
    Wiring wiring = lesion.applyTo(weights.architecture());
    requireOnePass(lesion, wiring);
    return wiring;
  }

  /** Refuses a wiring that has no statistics of one forward pass. */
  static void requireOnePass(Lesion lesion, Wiring wiring) {
    Set<Integer> seen = new HashSet<>();
    for (Step step : wiring.steps()) {
      if (!seen.add(step.block())) {
        throw refused(lesion, "runs block " + step.block() + " more than once");
      }
      if (step.replacesBranch()) {
        throw refused(lesion, "replaces the branch output of block " + step.block());
      }
    }
  }

  private static InvalidLesionException refused(Lesion lesion, String what) {
    return new InvalidLesionException(
        ("statistics cannot be estimated after %s, which %s; recalibrate deletions,"
                + " scaling, new orders or single paths instead")
            .formatted(Names.shorten(lesion), what));
  }

  /** Is told how far the estimation is. */
  interface Listener {
    /**
     * Called after every batch of every lesion.
     *
     * @param lesion its number in the list, from 0
     * @param images of the batch
     */
    void onBatch(int lesion, int images);
  }

  /**
   * What was estimated.
   *
   * @param precision of the network
   * @param trained all tensors, as the network was opened
   * @param means for each lesion the estimates by tensor name; none of a BatchNorm that the lesion
   *     leaves uncomputed
   */
  record Estimates(
      Precision precision, Map<String, double[]> trained, List<Map<String, double[]>> means) {}

  /**
   * Estimates the statistics of several lesioned networks. They share one training network, and
   * each batch goes but once through what their wirings begin with.
   */
  Estimates estimate(List<Lesion> lesions, Listener listener) {
    PrefixTree tree = new PrefixTree(lesions.stream().map(this::wiring).toList());
    // With the momentum 1 the running statistics after a batch are the batch's.
    TrainingOptions training = new TrainingOptions(options, BatchNormMode.TRAIN, 1);
    try (TrainingNetwork network = backend.training(weights, training)) {
      Map<String, double[]> trained = network.tensors();
      StatisticsPass pass = new StatisticsPass(network, tree);
      Set<Integer> damaged = new LinkedHashSet<>();
      int batches = TrainingBatches.count(images, batchSize);
      for (int b = 0; b < batches; b++) {
        int from = b * batchSize;
        ImageBatch batch = images.batch(from, Math.min(batchSize, images.size() - from));
        pass.run(
            batch,
            lesion -> {
              if (!finite(pass.means(lesion))) {
                damaged.add(lesion);
              }
              listener.onBatch(lesion, batch.size());
              checkInterrupt(lesions.get(lesion));
            });
      }
      List<Map<String, double[]>> means =
          IntStream.range(0, lesions.size()).mapToObj(pass::means).toList();
      Estimates estimates = new Estimates(network.info().precision(), trained, means);
      // What is not finite spreads to the lesions after it: the first is to blame.
      for (int lesion : damaged) {
        Weights unused = weights(lesions.get(lesion), estimates, lesion);
      }
      return estimates;
    }
  }

  private static void checkInterrupt(Lesion lesion) {
    if (Thread.currentThread().isInterrupted()) {
      throw new RunInterruptedException(
          "interrupted while statistics were estimated after " + lesion);
    }
  }

  private static boolean finite(Map<String, double[]> means) {
    return means.values().stream().flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  /** The weights with the statistics that were estimated after a lesion. */
  Weights weights(Lesion lesion, Estimates estimates, int number) {
    Map<String, double[]> tensors = new LinkedHashMap<>(estimates.trained());
    tensors.putAll(estimates.means().get(number));
    return Snapshots.of(
        weights.architecture(),
        tensors,
        estimates.precision(),
        weights.trained(),
        "statistics of %s estimated on %s, in batches of %s; all else from %s"
            .formatted(Names.shorten(lesion), describeImages(), batchSize, weights.source()),
        complaint -> notFinite(lesion, complaint));
  }

  private InvalidInputException notFinite(Lesion lesion, String complaint) {
    return new InvalidInputException(
        "the statistics of %s after %s cannot be estimated on %s: %s; leave the lesion out"
            .formatted(
                weights.architecture().name(), Names.shorten(lesion), describeImages(), complaint));
  }
}
