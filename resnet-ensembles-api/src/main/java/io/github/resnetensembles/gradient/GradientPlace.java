package io.github.resnetensembles.gradient;

/** Where a gradient by path length is measured. */
public enum GradientPlace {
  /** At y_0, the output of the stem, which every path starts from. */
  STEM_OUTPUT,
  /** At the pixels, normalised and padded: what arrives at y_0, pulled back through the stem. */
  IMAGE
}
