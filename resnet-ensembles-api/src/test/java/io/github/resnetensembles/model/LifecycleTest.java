package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.EvaluationInterruptedException;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.testkit.TinyNetworks;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that are closed, or used again, by what a run of theirs calls. */
@Timeout(60)
class LifecycleTest {
  private static final Architecture NETWORK = TinyNetworks.postActivation();
  private static final ImageSet IMAGES = images();

  private static ImageSet images() {
    Random random = new Random(1);
    byte[] pixels = new byte[12 * 3 * 8 * 8];
    random.nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 8, 8), pixels, random.ints(12, 0, 3).toArray(), 3);
  }

  private static ResidualModel open() {
    return open(2);
  }

  private static ResidualModel open(int threads) {
    return ResidualModel.open(
        new ReferenceBackend(),
        new RandomWeights(NETWORK, 5),
        ModelOptions.defaults().withThreads(threads));
  }

  private static RunOptions telling(ProgressListener listener) {
    return RunOptions.defaults().withBatchSize(2).withListener(listener);
  }

  /** Every kind of run that tells a listener. */
  static Stream<Arguments> runs() {
    return Stream.of(
        run(
            "evaluate",
            (model, options) -> {
              Evaluation unused = model.evaluate(IMAGES, options);
            }),
        run(
            "study",
            (model, options) -> {
              LesionReport unused = model.lesions().deleteEachBlock().options(options).run(IMAGES);
            }),
        run(
            "ensemble",
            (model, options) -> {
              Object unused =
                  model.lesions().deleteEachBlock().options(options).runAsEnsemble(IMAGES);
            }),
        run(
            "gradients",
            (model, options) -> {
              Object unused = model.gradients().exact().options(options).run(IMAGES);
            }));
  }

  private static Arguments run(String name, BiConsumer<ResidualModel, RunOptions> run) {
    return Arguments.of(name, run);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runs")
  @SuppressWarnings("try") // The very closing inside is what is tested.
  void aListenerThatClosesTheModelIsTold(String name, BiConsumer<ResidualModel, RunOptions> run) {
    for (int at : new int[] {0, 3}) {
      try (ResidualModel model = open()) {
        assertThatThrownBy(
                () ->
                    run.accept(
                        model,
                        telling(
                            progress -> {
                              if (progress.images() >= at) {
                                model.close();
                              }
                            })))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "the model of "
                    + NETWORK.name()
                    + " cannot be closed by what runs inside one of its own runs, such as a"
                    + " listener; close it after the run");
        assertThat(model.evaluate(IMAGES).total()).isEqualTo(12);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runs")
  void aListenerMayUseTheModelWhileAnotherThreadCloses(
      String name, BiConsumer<ResidualModel, RunOptions> run) throws Exception {
    ResidualModel model = open();
    ResidualModel view = model.withLesion(io.github.resnetensembles.lesion.Lesion.delete(1));
    AtomicReference<Thread> closer = new AtomicReference<>();
    AtomicReference<Throwable> outsider = new AtomicReference<>();
    run.accept(
        model,
        telling(
            progress -> {
              if (progress.images() >= 2 && closer.get() == null) {
                Thread thread = new Thread(model::close);
                closer.set(thread);
                thread.start();
                awaitBlocked(thread);
                assertThat(view.evaluate(IMAGES).total()).isEqualTo(12);
                outsider.set(
                    elsewhere(
                        () -> {
                          Evaluation unused = model.evaluate(IMAGES);
                        }));
              }
            }));
    closer.get().join();
    assertThat(outsider.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model of " + NETWORK.name() + " is closed; open it again");
    assertThatThrownBy(() -> model.evaluate(IMAGES)).isInstanceOf(IllegalStateException.class);
  }

  private static void awaitBlocked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static Throwable elsewhere(Runnable call) {
    return CompletableFuture.supplyAsync(() -> catchThrowable(call::run)).join();
  }

  @Test
  void twoRunsThatCloseEachOthersModelsEnd() throws Exception {
    ResidualModel first = open();
    ResidualModel second = open();
    CountDownLatch bothRun = new CountDownLatch(2);
    Thread one = closingDuringItsRun(first, second, bothRun);
    Thread two = closingDuringItsRun(second, first, bothRun);
    one.join();
    two.join();
    for (ResidualModel model : List.of(first, second)) {
      assertThatThrownBy(() -> model.evaluate(IMAGES)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static Thread closingDuringItsRun(
      ResidualModel model, ResidualModel other, CountDownLatch bothRun) {
    AtomicBoolean closed = new AtomicBoolean();
    Thread thread =
        new Thread(
            () -> {
              Evaluation unused =
                  model.evaluate(
                      IMAGES,
                      telling(
                          progress -> {
                            if (!closed.getAndSet(true)) {
                              bothRun.countDown();
                              Uninterruptibles.awaitUninterruptibly(bothRun);
                              other.close();
                            }
                          }));
            });
    thread.start();
    return thread;
  }

  @Test
  void aModelThatItsUserDropsLivesAsLongAsItsStudy() {
    WeakReference<?>[] dropped = new WeakReference<?>[1];
    LesionStudy study = study(dropped);
    AtomicBoolean collected = new AtomicBoolean();
    LesionReport report =
        study
            .options(
                telling(
                    progress -> {
                      System.gc();
                      collected.set(dropped[0].refersTo(null));
                    }))
            .run(IMAGES);
    assertThat(collected).isTrue();
    assertThat(report.baseline().total()).isEqualTo(12);
  }

  private static LesionStudy study(WeakReference<?>[] dropped) {
    ResidualModel model = open();
    dropped[0] = new WeakReference<>(model);
    return model.lesions().deleteEachBlock();
  }

  @Test
  void anInterruptedEvaluationIsAResultToo() {
    // With two threads all later batches may be finished before the first one counts.
    try (ResidualModel model = open(1)) {
      Thread caller = Thread.currentThread();
      AtomicBoolean told = new AtomicBoolean();
      EvaluationInterruptedException stop =
          (EvaluationInterruptedException)
              catchThrowable(
                  () ->
                      model.evaluate(
                          IMAGES,
                          telling(
                              progress -> {
                                if (progress.images() >= 4 && !told.getAndSet(true)) {
                                  caller.interrupt();
                                  // No batch is finished before the caller has noticed.
                                  while (caller.isInterrupted()) {
                                    Uninterruptibles.sleepUninterruptibly(
                                        java.time.Duration.ofMillis(1));
                                  }
                                  Uninterruptibles.sleepUninterruptibly(
                                      java.time.Duration.ofMillis(500));
                                }
                              })));
      assertThat(Thread.interrupted()).isTrue();
      Evaluation partial = stop.partialEvaluation().orElseThrow();
      assertThat(partial.total()).isEqualTo(4);
      assertThat(partial.row().tallies().get(0))
          .isEqualTo(
              model
                  .evaluate(IMAGES.limit(partial.total()), telling(p -> {}))
                  .row()
                  .tallies()
                  .get(0));
    }
  }
}
