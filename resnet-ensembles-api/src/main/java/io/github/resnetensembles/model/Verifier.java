package io.github.resnetensembles.model;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.model.Verification.Check;
import io.github.resnetensembles.model.Verification.Parity;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.RecordedOutputs;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Measures whether a network is what lesion studies take it for, at the activations of the intact
 * forward pass. Whatever cannot be measured has the deviation NaN, and so fails.
 */
final class Verifier {
  private final Network network;
  private final Architecture architecture;
  private final float[] pixels;
  private final int images;
  private final String data;
  private final Supplier<Fingerprint> fingerprint;
  private final long startNanos = System.nanoTime();
  private final double tolerance;
  private final List<Check> checks = new ArrayList<>();

  /**
   * A verifier.
   *
   * @param network what is verified
   * @param batch the images to do it with
   * @param fingerprint of the network
   */
  Verifier(Network network, ImageBatch batch, Supplier<Fingerprint> fingerprint) {
    this(
        network,
        pixels(batch, network.architecture()),
        batch.size(),
        batch.size() + " images from record " + batch.firstRecord(),
        fingerprint);
  }

  /**
   * A verifier.
   *
   * @param network what is verified
   * @param recorded outputs of another implementation, with the images to do it with
   * @param fingerprint of the network
   */
  Verifier(Network network, RecordedOutputs recorded, Supplier<Fingerprint> fingerprint) {
    this(
        network,
        pixels(recorded, network.architecture()),
        recorded.images(),
        recorded.images() + " images of " + recorded.source(),
        fingerprint);
  }

  private Verifier(
      Network network, float[] pixels, int images, String data, Supplier<Fingerprint> fingerprint) {
    this.network = network;
    this.architecture = network.architecture();
    this.pixels = pixels;
    this.images = images;
    this.data = data;
    this.fingerprint = fingerprint;
    double exact = network.info().precision() == Precision.FLOAT64 ? 1e-9 : 1e-3;
    this.tolerance = Math.max(exact, 10 * network.tolerance());
  }

  private static float[] pixels(ImageBatch batch, Architecture architecture) {
    if (batch.size() < 2) {
      throw new InvalidInputException("verification needs at least 2 images, got " + batch.size());
    }
    return Pixels.normalised(batch, architecture);
  }

  private static float[] pixels(RecordedOutputs recorded, Architecture architecture) {
    FeatureShape due = architecture.input().paddedShape();
    List<Integer> shape = recorded.input().shape();
    if (!shape.subList(1, 4).equals(List.of(due.channels(), due.height(), due.width()))) {
      throw new InvalidImagesException(
          "input of %s has images of %s, but %s takes %s"
              .formatted(recorded.source(), shape.subList(1, 4), architecture.name(), due));
    }
    return recorded.input().floats();
  }

  Verification run() {
    checkWholeNetwork(checkBlocks());
    return verification(Parity.none());
  }

  Verification run(double[][] expected, double limit) {
    int classes = architecture.head().classes();
    if (expected.length == 0 || expected.length > images) {
      throw new InvalidInputException(
          "logits of 1 to " + images + " images can be compared, got " + expected.length);
    }
    for (double[] row : expected) {
      if (row.length != classes) {
        throw new InvalidInputException("each image has " + classes + " logits, got " + row.length);
      }
    }
    double[] logits = checkBlocks();
    checkWholeNetwork(logits);
    double largest = 0;
    double sum = 0;
    for (int n = 0; n < expected.length; n++) {
      for (int c = 0; c < classes; c++) {
        double deviation = Math.abs(logits[n * classes + c] - expected[n][c]);
        largest = worse(largest, deviation);
        sum += deviation;
      }
    }
    Check parity = new Check("logits equal those given", OptionalInt.empty(), largest, limit);
    checks.add(parity);
    int compared = expected.length * classes;
    return verification(
        new Parity(
            compared,
            largest,
            sum / compared,
            parity.passed() ? OptionalInt.empty() : firstDeviation(limit)));
  }

  /** Compares with the outputs of another implementation; the other checks need two images. */
  Verification run(RecordedOutputs recorded, double limit) {
    int classes = architecture.head().classes();
    recorded.outputs().forEach(this::requireShape);
    recorded.logits().ifPresent(given -> requireLogits(given, classes));
    List<double[]> outputs = new ArrayList<>();
    double[] logits =
        Steps.logits(
            network,
            Wiring.intact(architecture),
            pixels,
            images,
            (step, y) -> {
              if (recorded.outputs().containsKey(step - 1)) {
                outputs.add(y.values());
              }
            });
    OptionalInt first = OptionalInt.empty();
    int next = 0;
    for (Map.Entry<Integer, NamedTensor> given : recorded.outputs().entrySet()) {
      int number = given.getKey();
      Check check =
          new Check(
              (number == 0 ? "stem" : "output") + Check.RECORDED,
              number == 0 ? OptionalInt.empty() : OptionalInt.of(number),
              relativeDistance(outputs.get(next++), features(given.getValue())),
              limit);
      checks.add(check);
      if (!check.passed() && first.isEmpty()) {
        first = OptionalInt.of(number);
      }
    }
    Parity parity = new Parity(0, 0, 0, first);
    if (recorded.logits().isPresent()) {
      double[] expected = recorded.logits().get().doubles();
      add(
          "logits" + Check.RECORDED,
          OptionalInt.empty(),
          relativeDistance(logits, expected),
          limit);
      parity =
          new Parity(
              expected.length, distance(logits, expected), meanDistance(logits, expected), first);
    }
    if (images > 1) {
      checkWholeNetwork(checkBlocks());
    }
    return verification(parity);
  }

  private void requireShape(int number, NamedTensor given) {
    if (number > architecture.size()) {
      throw new InvalidInputException(
          "there is no block %s to compare: %s has the blocks 1 to %s"
              .formatted(number, architecture.name(), architecture.size()));
    }
    FeatureShape due =
        number == 0 ? architecture.stemOutput() : architecture.block(number).output();
    List<Integer> shape = given.shape().subList(1, given.shape().size());
    List<Integer> expected =
        tokens(given)
            ? List.of(due.height(), due.channels())
            : List.of(due.channels(), due.height(), due.width());
    if (!shape.equals(expected) || (tokens(given) && due.width() != 1)) {
      throw new InvalidInputException(
          "%s has the shape %s for each image, where %s is due"
              .formatted(given.name(), shape, due));
    }
  }

  private static void requireLogits(NamedTensor given, int classes) {
    if (given.shape().get(1) != classes) {
      throw new InvalidInputException(
          "each image has %s logits, got %s".formatted(classes, given.shape().get(1)));
    }
  }

  /** Whether features are laid out (N, T, D). */
  private static boolean tokens(NamedTensor given) {
    return given.shape().size() == 3;
  }

  /** The values in this library's order, (N, C, H, W), in which tokens are (N, D, T, 1). */
  private double[] features(NamedTensor given) {
    double[] values = given.doubles();
    if (!tokens(given)) {
      return values;
    }
    int length = given.shape().get(1);
    int width = given.shape().get(2);
    double[] turned = new double[values.length];
    for (int n = 0; n < images; n++) {
      for (int t = 0; t < length; t++) {
        for (int d = 0; d < width; d++) {
          turned[(n * width + d) * length + t] = values[(n * length + t) * width + d];
        }
      }
    }
    return turned;
  }

  private static double meanDistance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  /** What was found, of these images: the hash is that of their pixels. */
  private Verification verification(Parity parity) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (float pixel : pixels) {
      hasher.putFloat(pixel);
    }
    long runs = 3L * images + 1;
    return new Verification(
        checks,
        parity,
        Provenances.of(
            network,
            Optional.of(fingerprint.get()),
            hasher.hash().toString(),
            data,
            Optional.empty(),
            images,
            (System.nanoTime() - startNanos) / 1e9,
            runs * Wiring.intact(architecture).blockEvaluations()));
  }

  /** Checks each block at its input; returns the logits of the blockwise run. */
  private double[] checkBlocks() {
    return Steps.logits(
        network,
        Wiring.intact(architecture),
        pixels,
        images,
        (block, y) -> {
          if (block <= architecture.size()) {
            checkBlock(block, y);
          }
        });
  }

  private void checkBlock(int block, Activation x) {
    double[] skipped;
    try (Activation skip = network.skip(block, x);
        Activation post = network.post(block, skip);
        Activation deleted = network.step(block, 1, 0, x)) {
      skipped = skip.values();
      add(
          "with a branch gain of 0 the block gives post(skip)",
          OptionalInt.of(block),
          distance(deleted.values(), post.values()),
          0);
    }
    // What skip connection and branch both see the input through need not be affine.
    if (!architecture.block(block).layers().lead().isEmpty()) {
      return;
    }
    // Affine: the skip of the mean of two images is the mean of their skips.
    double[] input = x.values();
    try (Activation mixed = network.activation(averagedWithNext(input), images, x.shape());
        Activation skip = network.skip(block, mixed)) {
      add(
          "the skip connection is affine",
          OptionalInt.of(block),
          relativeDistance(skip.values(), averagedWithNext(skipped)),
          tolerance);
    }
  }

  /** Each image's values averaged with those of the next image, the last with the first. */
  private double[] averagedWithNext(double[] values) {
    int size = values.length / images;
    double[] averaged = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      averaged[i] = (values[i] + values[(i + size) % values.length]) / 2;
    }
    return averaged;
  }

  private void checkWholeNetwork(double[] logits) {
    add(
        "statistics are frozen: a second run gives the same bits",
        OptionalInt.empty(),
        distance(blockwise(pixels, images), logits),
        0);
    int classes = logits.length / images;
    float[] first = Arrays.copyOf(pixels, pixels.length / images);
    add(
        "statistics are frozen: an image's logits do not depend on its neighbours",
        OptionalInt.empty(),
        relativeDistance(blockwise(first, 1), Arrays.copyOf(logits, classes)),
        tolerance);
    add(
        "the blockwise run equals the whole network",
        OptionalInt.empty(),
        relativeDistance(logits, network.logits(pixels, images)),
        tolerance);
  }

  private double[] blockwise(float[] input, int count) {
    return Steps.logits(network, Wiring.intact(architecture), input, count, (step, y) -> {});
  }

  /** Follows one image through this network and its double-precision twin. */
  private OptionalInt firstDeviation(double limit) {
    Optional<Weights> weights = network.weights();
    if (weights.isEmpty()) {
      return OptionalInt.empty();
    }
    float[] first = Arrays.copyOf(pixels, pixels.length / images);
    List<double[]> found = outputs(network, first);
    List<double[]> expected;
    try (Network twin = new ReferenceBackend().network(weights.get(), ModelOptions.defaults())) {
      expected = outputs(twin, first);
    }
    return IntStream.range(0, found.size())
        .filter(i -> !(distance(found.get(i), expected.get(i)) <= limit))
        .findFirst();
  }

  /** y_0 … y_n of one image. */
  private List<double[]> outputs(Network any, float[] image) {
    List<double[]> outputs = new ArrayList<>();
    double[] unused =
        Steps.logits(
            any, Wiring.intact(architecture), image, 1, (step, y) -> outputs.add(y.values()));
    return outputs;
  }

  private void add(String name, OptionalInt block, double deviation, double limit) {
    checks.add(new Check(name, block, deviation, limit));
  }

  private static double distance(double[] a, double[] b) {
    if (a.length != b.length) {
      return Double.NaN;
    }
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = worse(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /** The distance, relative to the largest value where that is above 1. */
  private static double relativeDistance(double[] a, double[] b) {
    double scale = 1;
    for (double value : b) {
      scale = Math.max(scale, Math.abs(value));
    }
    return distance(a, b) / scale;
  }

  /** The larger deviation; NaN, a deviation that could not be measured, is the largest of all. */
  private static double worse(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b);
  }
}
