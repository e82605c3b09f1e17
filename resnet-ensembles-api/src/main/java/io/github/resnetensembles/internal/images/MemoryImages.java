package io.github.resnetensembles.internal.images;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ImageSet;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class MemoryImages {
  private MemoryImages() {}

  public static ImageSet of(FeatureShape shape, byte[] pixels, int[] labels, int classes) {
    throw new UnsupportedOperationException("stub");
  }

  public static ImageSet of(FeatureShape shape, float[] pixels, int[] labels, int classes) {
    throw new UnsupportedOperationException("stub");
  }
}
