package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StudyExecutor;
import io.github.resnetensembles.run.StudyTasks;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs the tasks of studies on the executors of Apache Spark. Keys of tasks travel, no models: each
 * executor process opens the {@link Setup} once, and every task slot runs a task at a time on it.
 *
 * <p>Executors write results into the store, which is then a folder that all of them and the driver
 * share, or {@linkplain #collecting() send} them to the driver. Tasks of executors that are lost
 * are run again by Spark, as often as its setting {@code spark.task.maxFailures} says; tasks that
 * fail by themselves are run again as often as {@link StudyExecutor} says.
 *
 * <p>An interrupt of the thread that waits cancels the job. Several threads may use one at a time.
 */
public final class SparkStudies implements StudyExecutor {
  private final JavaSparkContext spark;
  private final Setup setup;
  private final boolean collecting;
  private final int attempts;

  private SparkStudies(JavaSparkContext spark, Setup setup, boolean collecting, int attempts) {
    this.spark = spark;
    this.setup = setup;
    this.collecting = collecting;
    this.attempts = attempts;
  }

  /**
   * Makes an executor whose results go into a folder that all machines share.
   *
   * @param spark where the tasks are run; stays open
   * @param setup opens the studies that will be executed, on other machines
   */
  public SparkStudies(JavaSparkContext spark, Setup setup) {
    this(spark, setup, false, DEFAULT_ATTEMPTS);
  }

  /**
   * Sends results to the driver, which alone sees the store. As many tasks are run in one job as
   * {@code spark.driver.maxResultSize} has room for.
   *
   * @return the changed copy
   */
  public SparkStudies collecting() {
    return new SparkStudies(spark, setup, true, attempts);
  }

  /**
   * Sets how often a task that fails is tried.
   *
   * @param attempts at least 1
   * @return the changed copy
   * @throws InvalidInputException if the number is below 1
   */
  public SparkStudies attempts(int attempts) {
    if (attempts < 1) {
      throw new InvalidInputException("a task is tried at least once, got " + attempts);
    }
    return new SparkStudies(spark, setup, collecting, attempts);
  }

  @Override
  public void execute(
      List<? extends StudyTasks<?>> studies, ResultStore store, ProgressListener listener) {
    studies.forEach(store::bind);
    studies.forEach(store::forgetFailures);
    new SparkRun(spark, setup, collecting, attempts, new OpenTasks(studies, store, listener)).run();
  }
}
