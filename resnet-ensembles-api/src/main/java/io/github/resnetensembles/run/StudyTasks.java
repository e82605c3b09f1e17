package io.github.resnetensembles.run;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.SequentialStudy;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.training.RecalibrationStudy;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingSeries;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * A study, cut into tasks. The merged results of all tasks are the result of the study as one run:
 * equal, and equal as JSON outside {@code provenance}.
 *
 * <p>Costs are block evaluations: one branch, forward, for one image. What else a study does is
 * counted in the block evaluations that take about as long:
 *
 * <table>
 * <caption>Costs</caption>
 * <tr><th>what, of one block and one image</th><th>block evaluations</th></tr>
 * <tr><td>the branch, forward</td><td>1</td></tr>
 * <tr><td>a vector-Jacobian product (gradients)</td><td>{@value #VJP}</td></tr>
 * <tr><td>forward with statistics of the batch (recalibration)</td><td>{@value #CALIBRATION}</td></tr>
 * <tr><td>a training step</td><td>{@value #TRAINING}</td></tr>
 * </table>
 *
 * <p>Implemented by this library alone.
 *
 * @param <R> what the study gives
 */
public interface StudyTasks<R extends Result> {
  /** What pulling a cotangent of one image back through a block costs: {@value}. */
  double VJP = 1.1;

  /** What a block costs for one image whose batch's statistics are taken: {@value}. */
  double CALIBRATION = 1.3;

  /** What a block costs for one image in a training step: {@value}. */
  double TRAINING = 3.2;

  /**
   * Cuts a lesion study: first into ranges of records, at the edges of its batches, which costs
   * nothing; and where a single batch costs more than a task may, into groups of rows that share
   * prefixes, each of which runs the intact network, too.
   *
   * @param study which lesions, and how they are run; of its options the batch size counts
   * @param images what it is run on
   * @param maxCost what a task may cost, in block evaluations; one row on one batch is a task in
   *     any case
   * @return its tasks
   * @throws InvalidInputException if the number is below 1, or as {@link LesionStudy#run} refuses
   *     the study
   * @throws RunInterruptedException if the thread was interrupted
   */
  static StudyTasks<LesionReport> cut(LesionStudy study, ImageSet images, long maxCost) {
    return LesionTasks.cut(study, images, maxCost);
  }

  /**
   * Runs a study that designs itself: each round's batches are pieces, one for each. Several
   * processes may run the same study on one store: each plans the same rounds, and takes the pieces
   * that are missing.
   *
   * @param study which
   * @param images what it is run on
   * @param executor where the pieces of a round are run
   * @param store what keeps their results
   * @param listener is told of the progress of each round's pieces
   * @return the result
   * @throws StudyFailedException if pieces failed; what the others gave is in the store
   * @throws RunInterruptedException if the thread was interrupted; finished pieces are in the store
   */
  static SequentialReport run(
      SequentialStudy study,
      ImageSet images,
      StudyExecutor executor,
      ResultStore store,
      ProgressListener listener) {
    return study.run(images, batches -> LesionTasks.run(batches, executor, store, listener));
  }

  /**
   * Cuts a measurement of gradients into groups of batches, which costs nothing.
   *
   * @param probe what is measured, and how; of its options the batch size counts
   * @param images what it is run on
   * @param maxCost what a task may cost, in block evaluations; one batch is a task in any case
   * @return its tasks
   * @throws InvalidInputException if the number is below 1, the measurement {@linkplain
   *     GradientProbe#precision stops} where it is precise enough, which nobody can foresee, or as
   *     {@link GradientProbe#run(ImageSet)} refuses it
   * @throws RunInterruptedException if the thread was interrupted
   */
  static StudyTasks<PathGradients> cut(GradientProbe probe, ImageSet images, long maxCost) {
    return GradientTasks.cut(probe, images, maxCost);
  }

  /**
   * Cuts a study of recalibration into groups of lesions, each of which runs and recalibrates the
   * intact network, too.
   *
   * @param study which lesions, and how they are run; of its options the batch size counts
   * @param images what is evaluated
   * @param maxCost what a task may cost, in block evaluations; one lesion is a task in any case
   * @return its tasks
   * @throws InvalidInputException if the number is below 1, or as {@link RecalibrationStudy#cost}
   *     refuses the study
   * @throws IllegalStateException if no calibration images were set
   * @throws RunInterruptedException if the thread was interrupted
   */
  static StudyTasks<Recalibration> cut(RecalibrationStudy study, ImageSet images, long maxCost) {
    return RecalibrationTasks.cut(study, images, maxCost);
  }

  /**
   * The same training from several seeds, each a task. A task writes what {@link Training#out} says
   * into a folder of its own, named by its {@linkplain StudyTask#key() key}: the trained network
   * there is {@code weights.safetensors}. Killed at any moment and run again, it goes on from its
   * newest checkpoint. Keys do not depend on the other seeds, so that a series with more of them
   * finds the trainings of a smaller one.
   *
   * <p>Store and folder belong together: a training whose result is in the store is not run again,
   * wherever its weights are. Who shares the store shares the folder.
   *
   * @param training how to train; its folder, {@link Training#resume} and its recipe's seed have no
   *     meaning here
   * @param images what is trained on
   * @param test what networks are evaluated on after each epoch
   * @param folder for the folders of the tasks, created if it does not exist
   * @param seeds at least one, each once, in any order
   * @return the tasks, by ascending seed
   * @throws InvalidInputException if there is no seed, one is there twice, or as {@link
   *     Training#provenance} refuses the training
   */
  static StudyTasks<TrainingSeries> trainings(
      Training training, ImageSet images, ImageSet test, Path folder, long... seeds) {
    return TrainingTasks.of(training, images, test, folder, seeds);
  }

  /**
   * A study that is not cut: one task. For what cannot be cut, and for work of your own whose
   * result is one of this library's.
   *
   * @param <R> the kind of result
   * @param type of the result
   * @param description what it is, for people to read, on one line
   * @param provenance that its result will have, but for time and work
   * @param asked all that decides about the result beside the provenance, in any words
   * @param cost in block evaluations, at least 1
   * @param work gives the result
   * @return the study
   * @throws InvalidInputException if the cost is below 1
   */
  static <R extends Result> StudyTasks<R> whole(
      Class<R> type,
      String description,
      Provenance provenance,
      String asked,
      long cost,
      Function<ProgressListener, R> work) {
    return CutStudy.whole(type, description, provenance, asked, cost, work);
  }

  /**
   * {@return what tells this study from all others: the SHA-256, in lower-case hex, of network,
   * data, records, plan, protocol or recipe, batch size, precision and the version of this library,
   * of snapshots also of its code; not of how it was cut, nor of the seeds of trainings}
   */
  String key();

  /** {@return what it is, for people to read, on one line} */
  String description();

  /** {@return the class of what comes out} */
  Class<R> type();

  /** {@return what its result will say of where it comes from, but for time and work} */
  Provenance provenance();

  /** {@return the pieces, in order} */
  List<StudyTask<R>> tasks();

  /** {@return what the study costs as one run, in block evaluations} */
  long wholeCost();

  /** {@return what all tasks cost together, in block evaluations} */
  default long cost() {
    return tasks().stream().mapToLong(StudyTask::cost).sum();
  }

  /** {@return how much more the tasks cost than the whole: 0.02 are 2 % more} */
  default double overhead() {
    return (double) cost() / wholeCost() - 1;
  }

  /**
   * Puts results together.
   *
   * @param results of some of the tasks, at least one
   * @return the result of the study; it says what is missing
   * @throws MergeException if they do not belong together
   */
  R merge(List<R> results);

  /**
   * Runs what the store does not have, and puts all together.
   *
   * @param executor where the tasks are run
   * @param store what keeps their results
   * @param listener is told of the progress of all tasks, in block evaluations; those that the
   *     store has are done from the beginning
   * @return the result of the study
   * @throws StudyFailedException if tasks failed; what the others gave is in the store
   * @throws RunInterruptedException if the thread was interrupted; finished tasks are in the store
   */
  default R run(StudyExecutor executor, ResultStore store, ProgressListener listener) {
    executor.execute(List.of(this), store, listener);
    R merged = store.merge(this);
    if (store.missing(this).isEmpty()) {
      return merged;
    }
    // Files were damaged, which only reading them shows.
    executor.execute(List.of(this), store, listener);
    return store.merge(this);
  }
}
