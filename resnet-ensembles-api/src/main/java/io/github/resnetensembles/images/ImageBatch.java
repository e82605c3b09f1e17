package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;

/**
 * Some labelled images in memory, in record order.
 *
 * <p>The library's batches hand out copies of their arrays, each time anew. Of batches of your own
 * it takes copies, before it relies on them.
 *
 * <p>Implemented by this library and by image sets of others.
 */
public interface ImageBatch {
  /**
   * The label of a record that was skipped, because its image is damaged: in batches of the
   * library's own sets alone.
   */
  int SKIPPED = -1;

  /** The label of a record without one: in batches of the library's own sets alone. */
  int UNLABELLED = -2;

  /** {@return the number of images, N} */
  int size();

  /** {@return the shape of one image} */
  FeatureShape shape();

  /** {@return the pixels as x/255 in float32, in [0, 1], laid out (N, C, H, W)} */
  float[] pixels();

  /**
   * {@return the labels, from 0, or {@link #SKIPPED}: such a record has pixels of no meaning, and
   * counts nowhere; {@link #UNLABELLED} where the images {@linkplain ImageSet#hasLabels() have
   * none}}
   */
  int[] labels();

  /** {@return the first image's record number in its data set, from 0} */
  int firstRecord();
}
