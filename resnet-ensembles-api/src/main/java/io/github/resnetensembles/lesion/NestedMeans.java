package io.github.resnetensembles.lesion;

import io.github.resnetensembles.statistics.Estimate;

/**
 * A mean over draws that were each evaluated on one batch of images. Batches have images of their
 * own and draws of their own, so that what they give is independent, whatever draws of one batch
 * have in common.
 */
interface NestedMeans {
  /**
   * Where the variance of a single draw on a single image comes from: of images, of draws, and the
   * rest.
   *
   * @param images between images, the mean over draws
   * @param draws between draws, the mean over images; 0 where they are listed
   * @param rest of one draw on one image, beyond that
   */
  record Components(double images, double draws, double rest) {
    /**
     * The variance of the mean.
     *
     * @param imageCount different images
     * @param drawCount draws
     * @param batchSize images of one draw
     */
    double ofMean(double imageCount, double drawCount, double batchSize) {
      return images / imageCount + (draws + rest / batchSize) / drawCount;
    }
  }

  int draws();

  int batches();

  /** Different images. */
  long images();

  /**
   * The mean and its interval; of at least 3 batches, and of each listed lesion at least 2.
   *
   * @param level in (0, 1)
   */
  Estimate estimate(double level);

  /**
   * How many times as large a variance of the mean a width allows; below 1 where the interval is
   * too wide.
   *
   * @param width of the interval
   * @param level in (0, 1)
   */
  double allowed(double width, double level);

  /**
   * The components of the variance, from within the batches that have several draws; at least one
   * has. None is estimated as if no prediction could ever be another.
   */
  Components components();
}
