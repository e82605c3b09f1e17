package io.github.resnetensembles.internal.images;

import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.ImageSets;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class BuiltInImages {
  private BuiltInImages() {}

  public static ImageSet of(ImageSets.Split split) {
    throw new UnsupportedOperationException("stub");
  }
}
