package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.result.Provenance;
import java.util.List;

/**
 * A lesion study of one model, being set up: which lesions, and how they are run. Immutable; every
 * setting returns a new study.
 *
 * <p>A study runs all plans that it is given, {@linkplain LesionPlan#join joined} in their order:
 * {@code deleteEachBlock().deleteRandom(1, 5).draws(10)} runs both. Draws, seed and exclusion,
 * whenever they are set, apply to every plan that has a use for them. A setting that no plan of the
 * study has a use for is refused by {@link #plan()}, {@link #cost} and {@link #run} with an {@link
 * InvalidLesionException} that says why.
 *
 * <p>Implemented by this library alone.
 */
public interface LesionStudy {
  /**
   * Runs a plan that is drawn for the network, with the draws, the seed and the exclusion of this
   * study where they are set.
   *
   * @param plan such as {@link LesionPlan#duplicateRandom}, with settings of its own or without
   * @return the changed copy
   */
  LesionStudy plan(LesionPlan.Builder plan);

  /**
   * Runs a plan that was drawn before, as it is: draws, seed and exclusion of this study do not
   * apply to it.
   *
   * @param plan made for as many blocks
   * @return the changed copy
   */
  LesionStudy plan(LesionPlan plan);

  /** {@return a study that also deletes each block in turn: {@link LesionPlan#deleteEach}} */
  default LesionStudy deleteEachBlock() {
    return plan(LesionPlan.deleteEach());
  }

  /**
   * Deletes random blocks: {@link LesionPlan#deleteRandom}.
   *
   * @param from the smallest k
   * @param to the largest k
   * @return the changed copy
   */
  default LesionStudy deleteRandom(int from, int to) {
    return plan(LesionPlan.deleteRandom(from, to));
  }

  /**
   * Swaps random pairs inside stages: {@link LesionPlan#swapRandom}.
   *
   * @param from the smallest number of pairs
   * @param to the largest number of pairs
   * @return the changed copy
   */
  default LesionStudy swapRandom(int from, int to) {
    return plan(LesionPlan.swapRandom(from, to));
  }

  /**
   * Runs given lesions: {@link LesionPlan#of}.
   *
   * @param lesions at least one
   * @return the changed copy
   */
  default LesionStudy lesions(Lesion... lesions) {
    return plan(LesionPlan.of(lesions));
  }

  /**
   * Sets the draws for each k.
   *
   * @param draws at least 1, which is drawn unless set
   * @return the changed copy
   * @throws InvalidLesionException if there are none
   */
  LesionStudy draws(int draws);

  /**
   * Measures means over draws as precisely as asked, for as little as that takes, in place of a
   * number of {@link #draws} on all images. The study must have one plan, that draws lesions for
   * each k ({@link LesionPlan#deleteRandom}, {@link LesionPlan#swapRandom}, {@link
   * LesionPlan#duplicateRandom}).
   *
   * @param width of the 95 % interval of the mean error rate at each k, in (0, 1)
   * @return the study
   * @throws InvalidLesionException if the width is out of range
   */
  SequentialStudy untilWidth(double width);

  /**
   * Sets the seed of the draws.
   *
   * @param seed any
   * @return the changed copy
   */
  LesionStudy seed(long seed);

  /**
   * Sets the blocks that random plans leave alone.
   *
   * @param exclusion which
   * @return the changed copy
   */
  LesionStudy exclude(Exclusion exclusion);

  /**
   * Runs one share of the plan only: {@link LesionPlan#shard}.
   *
   * @param i which share, from 1 to n
   * @param n how many shares
   * @return the changed copy
   */
  LesionStudy shard(int i, int n);

  /**
   * Runs this plan in place of all that were set, as it is: of a piece of a plan ({@link
   * LesionPlan#part}), say. What was set of draws has no meaning any more.
   *
   * @param plan made for as many blocks
   * @return the changed copy
   */
  LesionStudy only(LesionPlan plan);

  /**
   * Runs on some of the images that {@link #run} is given only. The report asks for all of them, so
   * that it is not complete, and the reports of all ranges are merged to that of one run, if the
   * ranges begin and end where batches do.
   *
   * @param range of record numbers in the data set
   * @return the changed copy
   */
  LesionStudy records(RecordRange range);

  /**
   * Gives the images that {@link ReferenceSet}s of mean and resampling lesions name, where they are
   * not in the evaluated data set itself. {@link #cost} and {@link #run} refuse it where no lesion
   * of the whole plan takes any.
   *
   * @param images a set that holds them
   * @return the changed copy
   */
  LesionStudy reference(ImageSet images);

  /**
   * Sets what is measured of every image beside what every study counts, for the baseline and every
   * row. Of {@link #runAsEnsemble the average} of several networks, logits are the means of their
   * log-probabilities.
   *
   * @param measures the new ones
   * @return the changed copy
   */
  LesionStudy measures(Measures measures);

  /**
   * Adds a metric of your own to the {@linkplain #measures measures}: a function of an image's
   * logits and label, of which every row then has the mean ({@link LesionRow#metrics()}, {@link
   * LesionStatistics#metric}, {@link LesionStatistics#metricCurve}).
   *
   * @param name by which results have it
   * @param metric the function
   * @return the changed copy
   * @throws InvalidInputException if there is one of this name, or it is not 1 to 64 letters,
   *     digits, dots, hyphens and underscores
   */
  LesionStudy metric(String name, Measures.Metric metric);

  /**
   * Sets how the study is run.
   *
   * @param options batch size, wirings at once, listener
   * @return the changed copy
   */
  LesionStudy options(RunOptions options);

  /** {@return the lesion of the view that is studied; intact for a whole network} */
  Lesion base();

  /** {@return what is measured of every image beside what every study counts} */
  Measures measures();

  /** {@return the images that lesions may take outputs of, beside the evaluated ones} */
  List<ImageSet> references();

  /** {@return how the study is run} */
  RunOptions options();

  /**
   * What a result will say of where it comes from, but for time and work. Takes the network's
   * fingerprint where no result needed it before.
   *
   * @param images what the study will be run on
   * @return the provenance
   * @throws InvalidImagesException if the images do not fit the network
   * @throws FileAccessException if a file of images cannot be read
   * @throws IllegalStateException if the model is closed
   */
  Provenance provenance(ImageSet images);

  /**
   * {@return the plan as it will be run, joined and sharded}
   *
   * @throws InvalidLesionException if it does not fit the network, plans cannot be {@linkplain
   *     LesionPlan#join joined}, or a setting has no effect
   * @throws IllegalStateException if no kind of lesion was set
   */
  LesionPlan plan();

  /**
   * What {@link #run} will cost, exactly.
   *
   * @param images what it will be run on
   * @return block evaluations
   */
  Cost cost(ImageSet images);

  /**
   * Runs every wiring of the plan over the images; wirings that share a prefix share its
   * activations.
   *
   * @param images what to evaluate
   * @return the raw rows
   * @throws InvalidLesionException if the plan does not fit the network, or is empty, or a setting
   *     has no effect
   * @throws InvalidImagesException if the images do not fit the network, or are damaged
   * @throws FileAccessException if a file of images cannot be read
   * @throws StudyInterruptedException if the thread was interrupted; it carries what was finished
   * @throws IllegalStateException if the model is closed
   */
  LesionReport run(ImageSet images);

  /**
   * Runs the study and averages the predictions of its rows, as those of the members of an
   * ensemble. All rows are members: {@link EnsembleAnalysis#fitMembers} says which are fit to be,
   * by an earlier study on other images.
   *
   * @param images what to evaluate
   * @return the rows, and how their average did
   * @throws InvalidLesionException if the plan does not fit the network, or is empty
   * @throws InvalidImagesException if the images do not fit the network, or are damaged
   * @throws FileAccessException if a file of images cannot be read
   * @throws StudyInterruptedException if the thread was interrupted; it carries what was finished
   * @throws IllegalStateException if the model is closed
   */
  EnsembleAnalysis runAsEnsemble(ImageSet images);
}
