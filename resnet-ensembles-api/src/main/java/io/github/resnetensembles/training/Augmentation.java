package io.github.resnetensembles.training;

import io.github.resnetensembles.InvalidInputException;

/**
 * What happens to a training image, after normalisation. What is drawn for an image depends on
 * (seed, epoch, record number) alone.
 *
 * @param flip whether the image is mirrored left to right with probability 1/2
 * @param cropPadding zeros added on each of the four sides before a window of the original size is
 *     cut out at random, every place being as likely; 0 for no cropping, at most 64
 */
public record Augmentation(boolean flip, int cropPadding) {
  /**
   * Checks the padding.
   *
   * @param flip whether the image is mirrored
   * @param cropPadding zeros added on each side
   * @throws InvalidInputException if it is out of range
   */
  public Augmentation {
    if (cropPadding < 0 || cropPadding > 64) {
      throw new InvalidInputException("crops are padded by 0 to 64 pixels, got " + cropPadding);
    }
  }

  /** {@return images as they are} */
  public static Augmentation none() {
    return new Augmentation(false, 0);
  }

  /** {@return mirroring, and crops of images padded by 4: the paper's (section 4; He et al.)} */
  public static Augmentation flipAndCrop() {
    return new Augmentation(true, 4);
  }
}
