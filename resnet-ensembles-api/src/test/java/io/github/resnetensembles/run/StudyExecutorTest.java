package io.github.resnetensembles.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StudyExecutorTest {
  private static final ImageSet IMAGES = TinyStudies.images();

  @TempDir Path folder;

  /** The same study, one of whose tasks does something else. */
  private static StudyTasks<LesionReport> with(
      StudyTasks<LesionReport> study, int number, Function<ProgressListener, LesionReport> work) {
    List<StudyTask<LesionReport>> tasks = new ArrayList<>(study.tasks());
    StudyTask<LesionReport> old = tasks.get(number);
    tasks.set(
        number,
        new CutTask<>(old.type(), old.study(), old.key(), old.description(), old.cost(), work));
    return new CutStudy<>(
        study.type(),
        study.key(),
        study.description(),
        tasks,
        study.wholeCost(),
        study.provenance(),
        study::merge,
        Optional.empty());
  }

  @Test
  void aTaskThatAlwaysFailsIsNamedAndTheRestIsKept() {
    try (ResidualModel model = TinyStudies.model()) {
      StudyTasks<LesionReport> whole = StudyTasks.cut(TinyStudies.study(model), IMAGES, 60);
      AtomicInteger tries = new AtomicInteger();
      StudyTasks<LesionReport> study =
          with(
              whole,
              2,
              listener -> {
                tries.incrementAndGet();
                throw new InvalidInputException("no such picture");
              });
      ResultStore store = ResultStore.open(folder);

      assertThatThrownBy(() -> study.run(StudyExecutor.here(), store, ProgressListener.none()))
          .isInstanceOf(StudyFailedException.class)
          .hasMessageContaining(whole.tasks().get(2).description())
          .hasMessageContaining("no such picture");

      assertThat(tries).hasValue(StudyExecutor.DEFAULT_ATTEMPTS);
      assertThat(store.missing(study)).containsExactly(study.tasks().get(2));
      store.forgetFailures(whole);
      assertThat(whole.run(StudyExecutor.here(), store, ProgressListener.none()).complete())
          .isTrue();
    }
  }

  @Test
  void aTaskThatFailsOnceIsTriedAgain() {
    try (ResidualModel model = TinyStudies.model()) {
      StudyTasks<LesionReport> whole = StudyTasks.cut(TinyStudies.study(model), IMAGES, 60);
      AtomicInteger tries = new AtomicInteger();
      StudyTasks<LesionReport> study =
          with(
              whole,
              1,
              listener -> {
                if (tries.incrementAndGet() == 1) {
                  throw new InvalidInputException("a hiccup");
                }
                return whole.tasks().get(1).run(listener);
              });
      assertThat(
              study
                  .run(StudyExecutor.here(), ResultStore.open(folder), ProgressListener.none())
                  .complete())
          .isTrue();
    }
  }

  @Test
  @Timeout(60)
  void anInterruptKeepsWhatIsFinished() {
    try (ResidualModel model = TinyStudies.model()) {
      StudyTasks<LesionReport> whole = StudyTasks.cut(TinyStudies.study(model), IMAGES, 60);
      StudyTasks<LesionReport> study =
          with(
              whole,
              3,
              listener -> {
                Thread.currentThread().interrupt();
                throw new RunInterruptedException("interrupted in the middle");
              });
      ResultStore store = ResultStore.open(folder);

      assertThatThrownBy(() -> study.run(StudyExecutor.here(), store, ProgressListener.none()))
          .isInstanceOf(RunInterruptedException.class);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(store.missing(study)).hasSize(study.tasks().size() - 3);
    }
  }

  /** Each of several processes opens the same network and works on the same store. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws InterruptedException {
      Thread.sleep(Long.parseLong(args[1]));
      try (ResidualModel model = TinyStudies.model()) {
        StudyTasks<LesionReport> study =
            StudyTasks.cut(TinyStudies.study(model), IMAGES, Long.parseLong(args[2]));
        StudyExecutor.here()
            .execute(
                List.of(study),
                ResultStore.open(Path.of(args[0])),
                progress -> pause(Long.parseLong(args[3])));
      }
    }

    private static void pause(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<String> command(Class<?> program, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                folder.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  @Test
  @Timeout(120)
  void processesWorkOnOneStoreAndSurviveBeingKilled() throws Exception {
    try (ResidualModel model = TinyStudies.model()) {
      LesionReport whole = TinyStudies.study(model).run(IMAGES);
      StudyTasks<LesionReport> study = StudyTasks.cut(TinyStudies.study(model), IMAGES, 20);
      ResultStore store = ResultStore.open(folder);
      Random random = new Random(1);
      Thread killer =
          new Thread(
              () -> {
                for (int i = 0; i < 4; i++) {
                  Worker.pause(500 + random.nextInt(400));
                  ProcessHandle.current()
                      .children()
                      .skip(random.nextInt(2))
                      .findFirst()
                      .ifPresent(ProcessHandle::destroyForcibly);
                }
              });
      killer.start();

      LesionReport result =
          study.run(
              StudyExecutor.processes(2, command(Worker.class, "0", "20", "20")),
              store,
              ProgressListener.none());

      killer.join();
      assertThat(StudyTasksTest.comparable(result)).isEqualTo(StudyTasksTest.comparable(whole));
      assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  /** Ends at once, with an error. */
  static final class Broken {
    private Broken() {}

    public static void main(String[] args) {
      System.err.println("no backend here");
      System.exit(2);
    }
  }

  @Test
  @Timeout(60)
  void processesThatDoNothingAreGivenUp() {
    try (ResidualModel model = TinyStudies.model()) {
      StudyTasks<LesionReport> study = StudyTasks.cut(TinyStudies.study(model), IMAGES, 20);
      assertThatThrownBy(
              () ->
                  study.run(
                      StudyExecutor.processes(2, command(Broken.class)),
                      ResultStore.open(folder),
                      ProgressListener.none()))
          .isInstanceOf(StudyFailedException.class)
          .hasMessageContaining("no backend here");
      assertThatThrownBy(() -> StudyExecutor.processes(0, List.of("java")))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> StudyExecutor.processes(1, List.of()))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
