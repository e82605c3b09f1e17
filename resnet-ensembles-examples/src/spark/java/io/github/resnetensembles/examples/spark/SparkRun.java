package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/** Jobs of Spark, one after the other, until nothing is left to do. */
final class SparkRun {
  private static final long POLL_MILLIS = 200;

  /** Network file systems show new files late. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Of what a driver may keep, results take a half at most: the rest is Spark's own. */
  private static final int SHARE = 2;

  private static final Pattern FAILED_TASK = Pattern.compile("Task (\\d+) in stage [^\\n]* failed");
  private static final Pattern REASON = Pattern.compile("most recent failure: ([^\\n]*)");

  private final JavaSparkContext spark;
  private final boolean collecting;
  private final int attempts;
  private final OpenTasks tasks;
  private final TaskRun work;
  private long largest;

  SparkRun(JavaSparkContext spark, Setup setup, boolean collecting, int attempts, OpenTasks tasks) {
    this.spark = spark;
    this.collecting = collecting;
    this.attempts = attempts;
    this.tasks = tasks;
    this.work =
        new TaskRun(setup, collecting ? null : tasks.store().folder(), tasks.store().options());
  }

  void run() {
    while (!tasks.isEmpty()) {
      new Job(tasks.first(most())).run();
    }
    tasks.check();
  }

  /** How many results the driver has room for; before the first one, nobody knows. */
  private long most() {
    if (!collecting) {
      return Integer.MAX_VALUE;
    }
    if (largest == 0) {
      return Math.max(1, spark.defaultParallelism());
    }
    long limit = spark.sc().conf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
    long room = limit == 0 ? Runtime.getRuntime().maxMemory() : limit;
    return Math.max(1, room / SHARE / largest);
  }

  /** Some tasks at once. Results are kept as they come. */
  private final class Job {
    private final List<String> keys;
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

    /** Those whose results an executor has written, but this machine does not see yet. */
    private final Queue<String> unseen = new ArrayDeque<>();

    private long seen = System.nanoTime();
    private int finished;

    Job(List<String> keys) {
      this.keys = keys;
    }

    void run() {
      spark.setInterruptOnCancel(true);
      SimpleFutureAction<BoxedUnit> action;
      try {
        action = submit();
      } finally {
        spark.setInterruptOnCancel(false);
      }
      try {
        while (!action.isCompleted()) {
          take(outcomes.poll(POLL_MILLIS, TimeUnit.MILLISECONDS));
        }
        while (!outcomes.isEmpty() || !unseen.isEmpty()) {
          take(outcomes.poll(unseen.isEmpty() ? 0 : POLL_MILLIS, TimeUnit.MILLISECONDS));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RunInterruptedException("interrupted while Spark ran tasks of a study");
      } finally {
        if (!action.isCompleted()) {
          action.cancel();
        }
      }
      failure(action).ifPresent(this::aborted);
    }

    private SimpleFutureAction<BoxedUnit> submit() {
      Seq<Object> partitions =
          CollectionConverters.<Object>asScala(
                  IntStream.range(0, keys.size()).<Object>mapToObj(i -> i).iterator())
              .toSeq();
      return spark
          .sc()
          .submitJob(
              spark.parallelize(keys, keys.size()).rdd(),
              work,
              partitions,
              (partition, outcome) -> {
                outcomes.add(outcome);
                return BoxedUnit.UNIT;
              },
              () -> BoxedUnit.UNIT);
    }

    private Optional<Throwable> failure(SimpleFutureAction<BoxedUnit> action) {
      Try<BoxedUnit> result = action.value().get();
      return result.isFailure() ? Optional.of(result.failed().get()) : Optional.empty();
    }

    private void take(@Nullable Outcome outcome) {
      if (outcome != null) {
        largest = Math.max(largest, outcome.size());
        keep(outcome);
      }
      int before = unseen.size();
      unseen.removeIf(tasks::stored);
      if (unseen.size() < before || unseen.isEmpty()) {
        seen = System.nanoTime();
      } else if (System.nanoTime() - seen > PATIENCE.toNanos()) {
        throw new StudyFailedException(
            ("executors wrote results that the driver does not see in %s: give a folder that all"
                    + " machines share as the store, or collect the results (--collect)")
                .formatted(tasks.store().folder()));
      }
    }

    private void keep(Outcome outcome) {
      Result result = outcome.result();
      if (outcome.failure() != null) {
        tasks.failed(outcome.key(), outcome.failure(), attempts);
      } else if (result != null) {
        tasks.computed(outcome.key(), result);
        finished++;
      } else {
        unseen.add(outcome.key());
        finished++;
      }
    }

    /**
     * Spark gave a task up, and the job with it. That may be the task's fault, unless no other task
     * was done either.
     */
    private void aborted(Throwable failure) {
      String message = String.valueOf(failure.getMessage());
      Matcher matcher = REASON.matcher(message);
      String reason = matcher.find() ? matcher.group(1) : message.lines().findFirst().orElse("");
      Matcher task = FAILED_TASK.matcher(message);
      if (finished == 0 || !task.find()) {
        throw new StudyFailedException(
            "Spark gave up: %s; finished results are in the store %s"
                .formatted(reason, tasks.store().folder()));
      }
      // Spark itself has tried it several times, on other executors where there are any.
      tasks.failed(keys.get(Integer.parseInt(task.group(1))), reason, 1);
    }
  }
}
