package io.github.resnetensembles;

/**
 * Some labelled images in memory, in record order.
 *
 * <p>The arrays are the batch's own: whoever asks for them must not change them.
 */
public interface ImageBatch {
  /** {@return the number of images, N} */
  int size();

  /** {@return the shape of one image} */
  FeatureShape shape();

  /** {@return the pixels as x/255 in float32, in [0, 1], laid out (N, C, H, W)} */
  float[] pixels();

  /** {@return the labels, from 0} */
  int[] labels();

  /** {@return the first image's record number in its data set, from 0} */
  int firstRecord();
}
