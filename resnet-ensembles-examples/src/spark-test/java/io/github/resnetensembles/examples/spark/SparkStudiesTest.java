package io.github.resnetensembles.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.Progress;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StudyFailedException;
import io.github.resnetensembles.run.StudyTasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On executors that are threads of this process. */
@Timeout(120)
class SparkStudiesTest {
  private static final String ROOM = "spark.driver.maxResultSize";
  private static final String GROUP = "sent";

  /** One for all tests: it takes seconds to start. */
  private static JavaSparkContext spark;

  @TempDir private Path folder;
  private ResultStore store;
  private ResidualModel model;
  private StudyTasks<LesionReport> study;

  /** Two slots; a task of Spark's may fail once. */
  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2,2]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void open() {
    store = ResultStore.open(folder.resolve("store"));
    model = SmallSetup.model();
    study = SmallSetup.study(model);
    SmallSetup.TRIED.set(0);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private static SparkStudies studies(SmallSetup.Behaviour first) {
    return new SparkStudies(spark, new SmallSetup(first));
  }

  private LesionReport inOnePiece() {
    return SmallSetup.lesions(model).run(ImageSets.builtIn().limit(40));
  }

  @Test
  void givesTheResultOfOneProcessAndTellsHowFarItIs() {
    List<Progress> told = new ArrayList<>();
    LesionReport report = study.run(studies(SmallSetup.Behaviour.WORKS), store, told::add);

    assertThat(report.rows()).isEqualTo(inOnePiece().rows());
    assertThat(told.get(0).done()).isZero();
    assertThat(told)
        .last()
        .satisfies(
            last -> {
              assertThat(last.done()).isEqualTo(last.total()).isEqualTo(study.cost());
              assertThat(last.images()).isEqualTo(8);
            });
  }

  @Test
  void sendsResultsInAsManyJobsAsTheDriverHasRoomFor() {
    SparkStudies studies = studies(SmallSetup.Behaviour.WORKS).collecting();
    spark.setJobGroup(GROUP, "sends results");
    // Spark looks at it for every job.
    spark.sc().conf().set(ROOM, "10k");
    LesionReport report;
    try {
      report = study.run(studies, store, ProgressListener.none());
    } finally {
      SparkConf unused = spark.sc().conf().remove(ROOM);
      spark.clearJobGroup();
    }
    int jobs = spark.statusTracker().getJobIdsForGroup(GROUP).length;

    assertThat(report.rows()).isEqualTo(inOnePiece().rows());
    assertThat(jobs).isBetween(2, 7);
  }

  @Test
  void triesATaskThatFailsAndKeepsTheOthers() {
    SparkStudies studies = studies(SmallSetup.Behaviour.REFUSES);

    assertThatThrownBy(() -> study.run(studies, store, ProgressListener.none()))
        .isInstanceOf(StudyFailedException.class)
        .hasMessageContaining("one task failed each time")
        .hasMessageContaining(study.tasks().get(0).description())
        .hasMessageContaining("these images are not to be had");

    assertThat(SmallSetup.TRIED).hasValue(3);
    assertThat(store.failures(study.tasks().get(0))).hasSize(3);
    assertThat(store.missing(study)).hasSize(1);
  }

  @Test
  void aTaskThatSparkGivesUpKeepsNoOtherFromBeingRun() {
    SparkStudies studies = studies(SmallSetup.Behaviour.BREAKS).attempts(1);

    assertThatThrownBy(() -> study.run(studies, store, ProgressListener.none()))
        .isInstanceOf(StudyFailedException.class)
        .hasMessageContaining("too deep");

    assertThat(SmallSetup.TRIED).hasValue(2);
    assertThat(store.missing(study)).hasSize(1);
  }

  @Test
  void whatIsThereIsNotRunAgain() {
    assertThatThrownBy(
            () ->
                study.run(
                    studies(SmallSetup.Behaviour.REFUSES).attempts(1),
                    store,
                    ProgressListener.none()))
        .isInstanceOf(StudyFailedException.class);
    List<Progress> told = new ArrayList<>();
    LesionReport unused = study.run(studies(SmallSetup.Behaviour.WORKS), store, told::add);

    assertThat(told.get(0).images()).isEqualTo(7);
    assertThat(told).hasSize(2);
  }

  @Test
  void aSetupThatNoMachineOpensEndsTheRun() {
    SparkStudies studies = studies(SmallSetup.Behaviour.IS_NOT_THERE);

    assertThatThrownBy(() -> study.run(studies, store, ProgressListener.none()))
        .isInstanceOf(StudyFailedException.class)
        .hasMessageStartingWith("Spark gave up: ")
        .hasMessageContaining("no weights here");
  }

  @Test
  void otherStudiesThanTheDriversAreNamed() {
    StudyTasks<LesionReport> other =
        StudyTasks.cut(model.lesions().deleteEachBlock(), ImageSets.builtIn().limit(20), 300);
    SparkStudies studies = studies(SmallSetup.Behaviour.WORKS);

    assertThatThrownBy(() -> other.run(studies, store, ProgressListener.none()))
        .isInstanceOf(StudyFailedException.class)
        .hasMessageContaining("this machine has other studies than the driver");
  }

  @Test
  void anInterruptCancelsTheJob() throws InterruptedException, ExecutionException {
    SparkStudies studies = studies(SmallSetup.Behaviour.IS_SLOW);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread driver =
        new Thread(
            () -> {
              try {
                LesionReport unused = study.run(studies, store, ProgressListener.none());
                interrupted.complete(false);
              } catch (RunInterruptedException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
              } catch (RuntimeException | Error e) {
                interrupted.completeExceptionally(e);
              }
            });
    driver.start();
    while (store.missing(study).size() > 1) {
      Thread.sleep(50);
    }
    driver.interrupt();

    assertThat(interrupted.get()).isTrue();
    while (spark.statusTracker().getActiveJobIds().length > 0) {
      Thread.sleep(50);
    }
    assertThat(SmallSetup.TRIED).hasValue(1);
  }
}
