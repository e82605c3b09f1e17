package io.github.resnetensembles.lesion;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.Require;
import java.util.List;

/**
 * A lesion study that designs itself: it measures the mean error rate at each k until every 95 %
 * interval is as narrow as was asked for, for as few block evaluations as that takes. The mean is
 * over all lesions of a k, or over all that its draws can give, and over images in general. Or it
 * measures each block's Shapley value so ({@link #shapley}).
 *
 * <p>A curve of the error rate against k needs neither all images for each draw nor the same images
 * for all draws. Draws differ among themselves more than images do under one draw, so that many
 * draws on few images each say more than few draws on many. Every batch of images gets draws of its
 * own.
 *
 * <p>Only means are estimated so. A median or a quantile over draws, and a box plot, need the error
 * rate of each draw and not of a few images under it, which scatters more: for these every draw
 * takes all images ({@link LesionStudy#run}).
 *
 * <p>Batches are taken at random, whatever their images have in common, and a set that is sorted by
 * class gives right intervals; but they are wider than those of a shuffled one.
 *
 * <p>Immutable. Implemented by this library alone.
 */
public interface SequentialStudy {
  /**
   * Limits what may be spent. A study that reaches the limit ends with what it has.
   *
   * @param blockEvaluations at the most, at least 1; no limit unless set
   * @return the changed copy
   * @throws InvalidLesionException if it is below 1
   */
  SequentialStudy budget(long blockEvaluations);

  /**
   * Makes the width that of the blocks' Shapley values, for the accuracy, and not that of mean
   * errors at each k. A draw is one random order of all blocks, with all its rows on one batch:
   * {@link SequentialReport#shapley}.
   *
   * @return the changed copy
   * @throws InvalidLesionException if the plan is not {@link LesionPlan#deleteInRandomOrder}
   */
  SequentialStudy shapley();

  /**
   * What the study asks for on some images.
   *
   * @param images what it will be run on, at least 100
   * @return the design: batches are of as many images as the study's options say, or of fewer, so
   *     that there are 50
   * @throws InvalidLesionException if there are fewer images, or the study cannot be designed: it
   *     has no plan, several, or one that draws nothing at each k
   * @throws InvalidImagesException if the images do not fit the network
   */
  SequentialReport.Design design(ImageSet images);

  /**
   * Runs the study: round after round, each planned by what the earlier ones gave ({@link
   * SequentialReport.Design#next}). The same study on the same images gives the same result.
   *
   * @param images what to evaluate
   * @return the rows and what they say, whether or not the target was reached: {@link
   *     SequentialReport#end}
   * @throws InvalidLesionException as {@link #design} does, or if the budget is less than the first
   *     round costs
   * @throws InvalidImagesException if the images do not fit the network, or are damaged
   * @throws FileAccessException if a file of images cannot be read
   * @throws StudyInterruptedException if the thread was interrupted; it carries what was finished
   * @throws IllegalStateException if the model is closed
   */
  SequentialReport run(ImageSet images);

  /**
   * Runs the study as {@link #run(ImageSet)} does, but takes what an earlier run has, however far
   * it came, and whatever width and budget it was asked for. The result is the same but for the
   * provenance.
   *
   * @param images what to evaluate
   * @param before of the same network, lesions, images and batch size
   * @return the rows and what they say
   * @throws InvalidLesionException as {@link #run(ImageSet)} does, or if the earlier result took
   *     other batches
   * @throws MergeException if the earlier result is of another network or other images
   * @throws StudyInterruptedException if the thread was interrupted; it carries what was finished
   */
  SequentialReport resume(ImageSet images, SequentialReport before);

  /**
   * Runs the study with rounds that somebody else runs: in pieces, on other machines.
   *
   * @param images what to evaluate
   * @param rounds runs what each round asks for
   * @return the rows and what they say
   * @throws InvalidLesionException as {@link #run(ImageSet)} does
   * @throws MergeException if a round gives other rows than it was asked for
   */
  SequentialReport run(ImageSet images, Rounds rounds);

  /**
   * What a round runs on one batch.
   *
   * @param study of the batch's own lesions
   * @param images the batch
   */
  record BatchStudy(LesionStudy study, ImageSet images) {
    /**
     * Checks that both are there.
     *
     * @param study of the batch's own lesions
     * @param images the batch
     */
    public BatchStudy {
      Require.present("study", study);
      Require.present("images", images);
    }
  }

  /** Runs the rounds of a study. */
  @FunctionalInterface
  interface Rounds {
    /**
     * Runs one.
     *
     * @param batches what is run on each batch that the round takes
     * @return the result of each, in order
     */
    List<LesionReport> run(List<BatchStudy> batches);
  }
}
