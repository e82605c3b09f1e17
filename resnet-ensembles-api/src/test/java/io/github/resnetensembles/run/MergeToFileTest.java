package io.github.resnetensembles.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.model.ResidualModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Merging from file to file gives, letter by letter, what merging in memory does. */
class MergeToFileTest {
  private static final ImageSet IMAGES = TinyStudies.images();

  /** By what a task may cost: rows and records are cut, some of them, or none. */
  private static final long BOTH = 10;

  /** Two batches. */
  private static final long RECORDS = 60;

  @TempDir Path folder;

  private ResidualModel model;

  @BeforeEach
  void open() {
    model = TinyStudies.model();
  }

  @AfterEach
  void close() {
    model.close();
  }

  private ResultStore store() {
    return ResultStore.open(folder.resolve("store"));
  }

  private Path target() {
    return folder.resolve("merged.jsonl.gz");
  }

  private void putAll(List<StudyTask<LesionReport>> tasks) {
    ResultStore store = store();
    tasks.forEach(task -> store.put(task, task.run(ProgressListener.none())));
  }

  private Path fileOf(StudyTask<?> task) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("store/results"))) {
      return files.filter(file -> file.toString().contains(task.key())).findAny().orElseThrow();
    }
  }

  private void requireSame(CutStudy<LesionReport> study) throws Exception {
    requireSame(study, true);
  }

  /** Compares all there is of a study; without its rows in memory, or with them. */
  private void requireSame(CutStudy<LesionReport> study, boolean byFiles) throws Exception {
    store().mergeTo(study, target());
    LesionReport inMemory = store().merge(study);

    Path whole = folder.resolve("whole.jsonl.gz");
    ResultFile.write(whole, inMemory);
    assertThat(lines(target())).isEqualTo(lines(whole));
    Path json = folder.resolve("merged.json");
    ResultStore.toJson(target(), json);
    assertThat(Files.readString(json)).isEqualTo(inMemory.toJson());
    assertThat(folder.resolve("store")).isDirectoryNotContaining("glob:**merging*");

    FileMerging merging = study.fileMerging().orElseThrow().get();
    for (StudyTask<LesionReport> task : study.tasks()) {
      if (store().has(task)) {
        try (ResultFile open = ResultFile.open(fileOf(task)).orElseThrow()) {
          merging.add(fileOf(task), open);
        }
      }
    }
    Path temporary = Files.createDirectories(folder.resolve("temporary"));
    assertThat(merging.write(folder.resolve("again.jsonl.gz"), temporary)).isEqualTo(byFiles);
  }

  private static List<String> lines(Path file) throws Exception {
    List<String> lines = new ArrayList<>();
    try (ResultFile open = ResultFile.open(file).orElseThrow()) {
      lines.add(open.head());
      while (open.hasNext()) {
        lines.add(open.next());
      }
    }
    return lines;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2",
    "1, 7",
    "1, 128",
    "10, 3",
    "25, 2",
    "60, 128",
    "100, 2",
    "100, 128",
    "1000000, 2"
  })
  void allTasks(long maxCost, int maxOpen) throws Exception {
    CutStudy<LesionReport> study =
        LesionTasks.cut(TinyStudies.study(model), IMAGES, maxCost, maxOpen);
    putAll(study.tasks());

    requireSame(study);

    assertThat(store().merge(study).complete()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "10, 3", "10, 128", "25, 2", "60, 2", "60, 128"})
  void someTasksAreMissing(long maxCost, int maxOpen) throws Exception {
    CutStudy<LesionReport> study =
        LesionTasks.cut(TinyStudies.study(model), IMAGES, maxCost, maxOpen);
    List<StudyTask<LesionReport>> tasks = new ArrayList<>(study.tasks());
    Collections.shuffle(tasks, new Random(maxCost + maxOpen));
    int done = 0;
    for (int some : new int[] {1, tasks.size() / 3, tasks.size() - 1}) {
      putAll(tasks.subList(done, some));
      done = Math.max(done, some);

      requireSame(study);

      assertThat(store().merge(study).complete()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {BOTH, RECORDS})
  void whatIsDamagedIsMissing(long maxCost) throws Exception {
    CutStudy<LesionReport> study = LesionTasks.cut(TinyStudies.study(model), IMAGES, maxCost, 2);
    putAll(study.tasks());
    byte[] first = Files.readAllBytes(fileOf(study.tasks().get(0)));
    Files.write(fileOf(study.tasks().get(0)), Arrays.copyOf(first, first.length / 2));
    byte[] second = Files.readAllBytes(fileOf(study.tasks().get(1)));
    second[second.length - 6] ^= 1;
    Files.write(fileOf(study.tasks().get(1)), second);
    StudyTask<LesionReport> noHead = study.tasks().get(2);
    ResultFile.write(fileOf(noHead), "{}", List.of("{}").iterator());

    requireSame(study);

    assertThat(store().missing(study)).isEqualTo(study.tasks().subList(0, 3));
  }

  /** A line less with a count that agrees: no checksum shows that. */
  @Test
  void whatLacksRowsIsMissing() throws Exception {
    CutStudy<LesionReport> study = LesionTasks.cut(TinyStudies.study(model), IMAGES, RECORDS, 2);
    putAll(study.tasks());
    Path file = fileOf(study.tasks().get(2));
    List<String> lines = lines(file);
    ResultFile.write(file, lines.get(0), lines.subList(1, lines.size() - 1).iterator());

    requireSame(study);

    assertThat(store().missing(study)).containsExactly(study.tasks().get(2));
  }

  /** A row that is none is found where it is put together with others. */
  @Test
  void whatHasNoRowsIsMissing() throws Exception {
    CutStudy<LesionReport> study = LesionTasks.cut(TinyStudies.study(model), IMAGES, RECORDS, 2);
    putAll(study.tasks());
    Path file = fileOf(study.tasks().get(2));
    List<String> lines = lines(file);
    lines.set(1, lines.get(1).replace("\"operations\"", "\"others\""));
    ResultFile.write(file, lines.get(0), lines.subList(1, lines.size()).iterator());

    requireSame(study);

    assertThat(store().missing(study)).containsExactly(study.tasks().get(2));
  }

  /** Two tasks with one result, which counts once. */
  @ParameterizedTest
  @ValueSource(longs = {BOTH, RECORDS})
  void whatIsThereTwiceCountsOnce(long maxCost) throws Exception {
    CutStudy<LesionReport> study = LesionTasks.cut(TinyStudies.study(model), IMAGES, maxCost, 2);
    putAll(study.tasks());
    store().put(study.tasks().get(1), store().find(study.tasks().get(0)).orElseThrow());
    store()
        .put(
            study.tasks().get(study.tasks().size() - 1),
            store().find(study.tasks().get(2)).orElseThrow());

    requireSame(study);
  }

  @Test
  void aShardStaysOne() throws Exception {
    CutStudy<LesionReport> shard =
        LesionTasks.cut(TinyStudies.study(model).shard(2, 3), IMAGES, 30, 2);
    putAll(shard.tasks().subList(1, shard.tasks().size()));
    requireSame(shard);
    putAll(shard.tasks());
    requireSame(shard);
    assertThat(store().merge(shard).complete()).isTrue();
  }

  /** Their cost has parts that do not depend on the rows alone. */
  @ParameterizedTest
  @ValueSource(longs = {20, 200})
  void replacedBranchesAndAllThatIsMeasured(long maxCost) throws Exception {
    LesionStudy replaced =
        model
            .lesions()
            .plan(
                LesionPlan.of(
                    Lesion.mean(ReferenceSet.of(IMAGES), 1),
                    Lesion.resample(ReferenceSet.of(IMAGES), 7, 2),
                    Lesion.delete(3)))
            .metric("label", (logits, label) -> label / 7.0)
            .options(RunOptions.defaults().withBatchSize(4));
    CutStudy<LesionReport> study = LesionTasks.cut(replaced, IMAGES, maxCost, 3);
    putAll(study.tasks().subList(1, study.tasks().size()));
    requireSame(study);
    putAll(study.tasks());
    requireSame(study);
  }

  /** Results that tell too little of their rows are merged all the same, in memory. */
  @Test
  void unusualResultsAreMergedInMemory() throws Exception {
    CutStudy<LesionReport> study = LesionTasks.cut(TinyStudies.study(model), IMAGES, BOTH, 2);
    putAll(study.tasks());
    LesionReport other =
        LesionTasks.cut(TinyStudies.study(model), IMAGES, RECORDS, 2)
            .tasks()
            .get(0)
            .run(ProgressListener.none());
    store().put(study.tasks().get(1), other);
    requireSame(study, false);

    LesionReport first = store().find(study.tasks().get(0)).orElseThrow();
    store()
        .put(
            study.tasks().get(1),
            new LesionReport(
                first.base(),
                first.baseline(),
                first.rows(),
                first.excluded(),
                first.cost(),
                first.records(),
                first.provenance()));
    requireSame(study, false);
  }

  @Test
  void aStudyThatIsNotCutIsWrittenAsItIs() throws Exception {
    LesionReport report = TinyStudies.study(model).run(IMAGES);
    StudyTasks<LesionReport> whole =
        StudyTasks.whole(
            LesionReport.class, "one", report.provenance(), "all", 1, listener -> report);
    store().put(whole.tasks().get(0), report);

    store().mergeTo(whole, target());

    ResultStore.toJson(target(), folder.resolve("merged.json"));
    assertThat(Files.readString(folder.resolve("merged.json"))).isEqualTo(report.toJson());
  }

  @Test
  void anInterruptLeavesNoFile() {
    CutStudy<LesionReport> study = LesionTasks.cut(TinyStudies.study(model), IMAGES, BOTH, 2);
    putAll(study.tasks());
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> store().mergeTo(study, target()))
        .isInstanceOf(RunInterruptedException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(target()).doesNotExist();
    assertThat(store().missing(study)).isEmpty();
  }

  @Test
  void whatIsNotThereIsRefused() throws IOException {
    CutStudy<LesionReport> study = LesionTasks.cut(TinyStudies.study(model), IMAGES, BOTH, 2);
    assertThatThrownBy(() -> store().mergeTo(study, target()))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("no result of");
    assertThatThrownBy(() -> ResultStore.toJson(target(), folder.resolve("x.json")))
        .isInstanceOf(FileAccessException.class)
        .hasMessageContaining("merged.jsonl.gz");
    Files.writeString(target(), "{}");
    assertThatThrownBy(() -> ResultStore.toJson(target(), folder.resolve("x.json")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("is damaged, or no result as a store keeps it");
    assertThat(folder.resolve("x.json")).doesNotExist();
  }
}
