package io.github.resnetensembles.spi;

import static java.util.stream.Collectors.toSet;

import com.google.common.annotations.Beta;
import com.google.errorprone.annotations.FormatMethod;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What backends refuse, in one set of words: the rules R10, D9 and T11 of their contracts. A
 * backend of your own may call them at the start of its methods; all throw {@link
 * InvalidInputException}, whose message says what is wrong and what was given.
 *
 * <p>May still change: further rules of the contracts are likely to bring further checks.
 */
@Beta
public interface Arguments {

  @FormatMethod
  private static void check(boolean right, String complaint, Object... values) {
    if (!right) {
      throw new InvalidInputException(complaint.formatted(values));
    }
  }

  /**
   * Looks a block up.
   *
   * @param architecture the network
   * @param number the block's, from 1
   * @return the block
   */
  static Block block(Architecture architecture, int number) {
    check(
        number >= 1 && number <= architecture.size(),
        "there is no block %s: %s has the blocks 1 to %s",
        number,
        architecture.name(),
        architecture.size());
    return architecture.block(number);
  }

  /**
   * Checks that the gains of a step are finite.
   *
   * @param block the step's block
   * @param skipGain the factor of its skip connection
   * @param branchGain the factor of its residual branch
   */
  static void checkGains(int block, double skipGain, double branchGain) {
    checkGain("skip", block, skipGain);
    checkGain("branch", block, branchGain);
  }

  private static void checkGain(String side, int block, double gain) {
    check(
        Double.isFinite(gain), "the %s gain of block %s must be finite, got %s", side, block, gain);
  }

  /**
   * Checks the gains of one side of a step in training: finite, one for the batch or one for each
   * image.
   *
   * @param side skip or branch
   * @param block the step's block
   * @param gains of that side
   * @param images of the batch
   */
  static void checkGains(String side, int block, double[] gains, int images) {
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

  /**
   * Checks a shape.
   *
   * @param what has it
   * @param given its shape
   * @param expected the shape that it must have
   */
  static void checkShape(String what, FeatureShape given, FeatureShape expected) {
    check(given.equals(expected), "%s must have the shape %s, got %s", what, expected, given);
  }

  /**
   * Checks the number of values laid out (N, C, H, W), and that there is an image.
   *
   * @param what they are, such as pixels
   * @param length how many there are
   * @param images how many images they are of
   * @param shape of one image
   */
  static void checkLength(String what, int length, int images, FeatureShape shape) {
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

  /**
   * Checks that a branch output given for a step is for as many images as its input, or for one.
   *
   * @param block the step's block
   * @param images of the input
   * @param branchImages of the branch output
   */
  static void checkBranchImages(int block, int images, int branchImages) {
    check(
        branchImages == 1 || branchImages == images,
        "block %s got a branch output for %s images with an input of %s; it must be for as many, or"
            + " for one",
        block,
        branchImages,
        images);
  }

  /**
   * Checks that two activations that belong together are of equally many images.
   *
   * @param images of the one
   * @param expected of the other
   */
  static void checkImages(int images, int expected) {
    check(images == expected, "an activation of %s images where there are %s", images, expected);
  }

  /**
   * Checks parts that are to be put side by side: at least one, all of one shape, and no more
   * images than one activation can count.
   *
   * @param parts of activations
   * @return the shape
   */
  static FeatureShape checkParts(List<Network.Part> parts) {
    check(!parts.isEmpty(), "there is nothing to put side by side: give at least one part");
    FeatureShape shape = parts.get(0).of().shape();
    long images = 0;
    for (Network.Part part : parts) {
      checkShape("what is put side by side", part.of().shape(), shape);
      images += part.count();
    }
    check(
        images * shape.size() <= Integer.MAX_VALUE,
        "%s images of shape %s are too many for one activation: give smaller batches, or fewer"
            + " wirings at once",
        images,
        shape);
    return shape;
  }

  /**
   * Checks labels: one for each image, each a class.
   *
   * @param labels from 0
   * @param images of the batch
   * @param classes how many there are
   */
  static void checkLabels(int[] labels, int images, int classes) {
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

  /**
   * Checks label smoothing.
   *
   * @param smoothing in [0, 1)
   */
  static void checkSmoothing(double smoothing) {
    check(smoothing >= 0 && smoothing < 1, "label smoothing lies in [0, 1), got %s", smoothing);
  }

  /**
   * Checks the factors of a head's dropout: none at all, or for each of its layers finite ones of
   * at least 0, as many as values enter it.
   *
   * @param architecture the network
   * @param dropout an array for each {@link Layer.Dropout} of its head
   * @param images of the batch
   */
  static void checkDropout(Architecture architecture, double[][] dropout, int images) {
    List<PlacedLayer> layers =
        architecture.headLayers().stream()
            .filter(placed -> placed.layer() instanceof Layer.Dropout)
            .toList();
    check(
        dropout.length == 0 || dropout.length == layers.size(),
        "the head of %s has %s dropout layers, but there are factors for %s",
        architecture.name(),
        layers.size(),
        dropout.length);
    for (int i = 0; i < dropout.length; i++) {
      checkLength("factors of dropout", dropout[i].length, images, layers.get(i).input());
      for (double factor : dropout[i]) {
        check(
            factor >= 0 && Double.isFinite(factor),
            "a factor of dropout is finite and at least 0, got %s",
            factor);
      }
    }
  }

  /**
   * Checks a weighted sum of activations: at least one term, as many weights.
   *
   * @param terms the activations
   * @param weights of the terms
   */
  static void checkSum(Collection<?> terms, double[] weights) {
    check(
        !terms.isEmpty() && terms.size() == weights.length,
        "a sum needs at least one term and as many weights, got %s terms and %s weights",
        terms.size(),
        weights.length);
  }

  /**
   * Checks what an optimizer is to remember: of exactly the trainable parameters, each of its size.
   *
   * @param architecture the network
   * @param state of its parameters
   */
  static void checkState(Architecture architecture, OptimizerState state) {
    checkMoments("momentum", architecture, state.momenta());
    if (!state.squares().isEmpty()) {
      checkMoments("second moment", architecture, state.squares());
      check(
          state.updates().size() == architecture.size() + 1,
          "an optimizer's state counts the updates of stem and head and of each of the %s blocks of"
              + " %s, got %s counts",
          architecture.size(),
          architecture.name(),
          state.updates().size());
    }
  }

  private static void checkMoments(
      String what, Architecture architecture, Map<String, double[]> moments) {
    List<ParameterSpec> trained =
        architecture.parameters().stream().filter(p -> p.role().trainable()).toList();
    check(
        moments.keySet().equals(trained.stream().map(ParameterSpec::name).collect(toSet())),
        "a %s is needed for exactly the trainable parameters of %s, got %s names for %s"
            + " parameters",
        what,
        architecture.name(),
        moments.size(),
        trained.size());
    for (ParameterSpec parameter : trained) {
      int length = Objects.requireNonNull(moments.get(parameter.name())).length;
      check(
          length == parameter.count(),
          "the %s of %s has %s values, not %s",
          what,
          parameter.name(),
          length,
          parameter.count());
    }
  }
}
