package io.github.resnetensembles.internal.reference;

import static java.util.stream.Collectors.toSet;

import com.google.errorprone.annotations.FormatMethod;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.ParameterSpec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What backends refuse: the rules R10, D9 and T11 of their contracts, in one set of words. */
public final class Arguments {
  private Arguments() {}

  @FormatMethod
  private static void check(boolean right, String complaint, Object... values) {
    if (!right) {
      throw new InvalidInputException(complaint.formatted(values));
    }
  }

  public static Block block(Architecture architecture, int number) {
    check(
        number >= 1 && number <= architecture.size(),
        "there is no block %s: %s has the blocks 1 to %s",
        number,
        architecture.name(),
        architecture.size());
    return architecture.block(number);
  }

  public static void checkGains(int block, double skipGain, double branchGain) {
    checkGain("skip", block, skipGain);
    checkGain("branch", block, branchGain);
  }

  private static void checkGain(String side, int block, double gain) {
    check(
        Double.isFinite(gain), "the %s gain of block %s must be finite, got %s", side, block, gain);
  }

  /** Of one side in training: one for the batch, or one for each image. */
  public static void checkGains(String side, int block, double[] gains, int images) {
    check(
        gains.length == 1 || gains.length == images,
        "block %s got %s %s gains for %s images; it takes one, or one for each image",
        block,
        gains.length,
        side,
        images);
    for (double gain : gains) {
      checkGain(side, block, gain);
    }
  }

  public static void checkShape(String what, FeatureShape given, FeatureShape expected) {
    check(given.equals(expected), "%s must have the shape %s, got %s", what, expected, given);
  }

  /** Of values laid out (N, C, H, W). */
  public static void checkLength(String what, int length, int images, FeatureShape shape) {
    check(images >= 1, "a batch has at least 1 image, got %s", images);
    long expected = (long) images * shape.size();
    check(
        length == expected,
        "%s images of shape %s have %s %s, got %s",
        images,
        shape,
        expected,
        what,
        length);
  }

  public static void checkBranchImages(int block, int images, int branchImages) {
    check(
        branchImages == 1 || branchImages == images,
        "block %s got a branch output for %s images with an input of %s; it must be for as many, or"
            + " for one",
        block,
        branchImages,
        images);
  }

  /** Of two activations that belong together. */
  public static void checkImages(int images, int expected) {
    check(images == expected, "an activation of %s images where there are %s", images, expected);
  }

  public static void checkLabels(int[] labels, int images, int classes) {
    check(labels.length == images, "%s images have %s labels", images, labels.length);
    for (int i = 0; i < images; i++) {
      check(
          labels[i] >= 0 && labels[i] < classes,
          "label %s of image %s of the batch is not one of the classes 0 to %s",
          labels[i],
          i,
          classes - 1);
    }
  }

  public static void checkSmoothing(double smoothing) {
    check(smoothing >= 0 && smoothing < 1, "label smoothing lies in [0, 1), got %s", smoothing);
  }

  public static void checkSum(Collection<?> terms, double[] weights) {
    check(
        !terms.isEmpty() && terms.size() == weights.length,
        "a sum needs at least one term and as many weights, got %s terms and %s weights",
        terms.size(),
        weights.length);
  }

  public static void checkMomenta(Architecture architecture, Map<String, double[]> momenta) {
    List<ParameterSpec> trained =
        architecture.parameters().stream().filter(p -> p.role().trainable()).toList();
    check(
        momenta.keySet().equals(trained.stream().map(ParameterSpec::name).collect(toSet())),
        "momenta are needed for exactly the trainable parameters of %s, got %s names for %s"
            + " parameters",
        architecture.name(),
        momenta.size(),
        trained.size());
    for (ParameterSpec parameter : trained) {
      int length = Objects.requireNonNull(momenta.get(parameter.name())).length;
      check(
          length == parameter.count(),
          "the momentum of %s has %s values, not %s",
          parameter.name(),
          length,
          parameter.count());
    }
  }
}
