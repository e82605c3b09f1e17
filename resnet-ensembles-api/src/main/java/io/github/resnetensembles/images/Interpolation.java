package io.github.resnetensembles.images;

/**
 * How pixels are interpolated where an image is resized. Both filters are widened when an image is
 * made smaller, so that every pixel counts (anti-aliasing), as in Pillow and in torchvision on its
 * images.
 */
public enum Interpolation {
  /** A triangle, one pixel to each side. */
  BILINEAR,
  /** Keys' cubic with a = -1/2, two pixels to each side. */
  BICUBIC
}
