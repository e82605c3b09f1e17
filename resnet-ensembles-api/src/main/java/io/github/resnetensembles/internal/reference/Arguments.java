package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;

/** Refuses what rule R10 of the backend contract refuses. */
final class Arguments {
  private Arguments() {}

  static void checkBlock(Architecture architecture, int block) {
    if (block < 1 || block > architecture.size()) {
      throw new InvalidInputException(
          "there is no block "
              + block
              + ": "
              + architecture.name()
              + " has the blocks 1 to "
              + architecture.size());
    }
  }

  static void checkGains(int block, double skipGain, double branchGain) {
    if (!Double.isFinite(skipGain) || !Double.isFinite(branchGain)) {
      throw new InvalidInputException(
          "the gains of block "
              + block
              + " must be finite, got "
              + skipGain
              + " and "
              + branchGain);
    }
  }

  static void checkShape(String what, FeatureShape given, FeatureShape expected) {
    if (!given.equals(expected)) {
      throw new InvalidInputException(what + " must have the shape " + expected + ", got " + given);
    }
  }

  static void checkLength(String what, int length, int images, FeatureShape shape) {
    if (images < 1) {
      throw new InvalidInputException("a batch has at least 1 image, got " + images);
    }
    long expected = (long) images * shape.size();
    if (length != expected) {
      throw new InvalidInputException(
          images
              + " images of shape "
              + shape
              + " need "
              + expected
              + " "
              + what
              + ", got "
              + length);
    }
  }

  static void checkBranchImages(int block, int images, int branchImages) {
    if (branchImages != 1 && branchImages != images) {
      throw new InvalidInputException(
          "the branch output given to block "
              + block
              + " must be for "
              + images
              + " images or for 1, got "
              + branchImages);
    }
  }

  static void checkLabels(int[] labels, int images, int classes) {
    if (labels.length != images) {
      throw new InvalidInputException(images + " images need as many labels, got " + labels.length);
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new InvalidInputException("labels lie from 0 to " + (classes - 1) + ", got " + label);
      }
    }
  }

  /** Refuses gains that are neither one nor one for each image, or not finite. */
  static void checkGains(int block, int images, double[] gains) {
    if (gains.length != 1 && gains.length != images) {
      throw new InvalidInputException(
          "block "
              + block
              + " needs one gain or one for each of the "
              + images
              + " images, got "
              + gains.length);
    }
    for (double gain : gains) {
      checkGains(block, gain, gain);
    }
  }
}
