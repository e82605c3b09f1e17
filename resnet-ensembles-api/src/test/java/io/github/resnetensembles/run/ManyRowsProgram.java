package io.github.resnetensembles.run;

import com.google.common.hash.Hashing;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PlanPart;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Fills a store with made-up results of one study of ResNet-56 ({@code fill}), or merges them and
 * checks what comes out ({@code merge}). No row is in two results, and the rows of a result stand
 * as far from each other in the plan as they can, so that all files are needed from the first row
 * to the last.
 */
final class ManyRowsProgram {
  private static final Architecture NETWORK = Architecture.of("resnet-56");
  private static final int IMAGES = 100;
  private static final int CLASSES = 10;
  private static final int CHECKED = 997;
  private static final Cost COST = new Cost(1, 2);

  private final int tasks;
  private final int rows;

  private ManyRowsProgram(int tasks, int rows) {
    this.tasks = tasks;
    this.rows = rows;
  }

  /**
   * Runs the program.
   *
   * @param args what to do, a folder, the number of tasks, and the rows of each
   */
  public static void main(String[] args) throws Exception {
    ManyRowsProgram program =
        new ManyRowsProgram(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    Path folder = Path.of(args[1]);
    long start = System.nanoTime();
    if (args[0].equals("fill")) {
      program.fill(folder);
    } else {
      program.merge(folder);
    }
    System.out.printf("%s: %.1f s%n", args[0], (System.nanoTime() - start) / 1e9);
  }

  private String plan() {
    return Hashing.sha256()
        .hashString("made up: " + tasks + " " + rows, StandardCharsets.UTF_8)
        .toString();
  }

  private CutStudy<LesionReport> study() {
    String key =
        TaskKey.ofTask("made up", JsonNode.tree(Cost.class, new Cost(tasks, rows + tasks)));
    List<StudyTask<LesionReport>> all = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      int task = i;
      all.add(
          new CutTask<>(
              LesionReport.class,
              key,
              TaskKey.ofTask(key, JsonNode.tree(RecordRange.class, new RecordRange(i, i + 1))),
              "task " + i,
              1,
              listener -> report(task)));
    }
    return new CutStudy<>(
        LesionReport.class,
        key,
        "made-up rows",
        all,
        tasks,
        provenance(0),
        LesionReport::merge,
        Optional.of(
            () ->
                new LesionFileMerging(
                    UnaryOperator.identity(), coverage -> COST, LesionFileMerging.MAX_OPEN)));
  }

  private static Provenance provenance(int task) {
    return Provenance.builder("a".repeat(64), NETWORK, "b".repeat(64), "made-up images")
        .trained(true)
        .batchSize(IMAGES)
        .fingerprint(
            Optional.of(
                new Fingerprint(
                    IntStream.range(0, 4 * CLASSES).mapToObj(i -> i / 8.0 - 2).toList())))
        .runs(List.of(Provenance.Run.builder().backend("made up").seconds(task).build()))
        .build();
  }

  private LesionReport report(int task) {
    List<LesionRow> own = new ArrayList<>();
    List<RecordRange> numbers = new ArrayList<>();
    for (int number = task + 1; number <= tasks * rows; number += tasks) {
      own.add(row(number));
      numbers.add(new RecordRange(number, number + 1));
    }
    if (tasks == 1) {
      numbers = List.of(new RecordRange(1, rows + 1));
    }
    return new LesionReport(
        Lesion.intact(),
        row(0),
        own,
        List.of(),
        COST,
        List.of(new RecordRange(0, IMAGES)),
        provenance(task),
        Optional.of(new PlanPart(plan(), tasks * rows, numbers, Optional.empty())));
  }

  /** Deletes the blocks that are the bits of the number. */
  private static LesionRow row(int number) {
    BitSet blocks = BitSet.valueOf(new long[] {number});
    Lesion lesion =
        number == 0
            ? Lesion.intact()
            : Lesion.delete(blocks.stream().map(block -> block + 1).toArray());
    PlannedLesion planned =
        number == 0
            ? PlannedLesion.of(lesion)
            : new PlannedLesion(
                lesion,
                OptionalInt.of(blocks.cardinality()),
                OptionalInt.of(number),
                OptionalLong.of(0));
    Random random = new Random(number);
    BitSet correct = BitSet.valueOf(new long[] {random.nextLong(), random.nextLong()});
    correct.clear(IMAGES, 2 * Long.SIZE);
    int[] totals = new int[CLASSES];
    int[] wrong = new int[CLASSES];
    for (int image = 0; image < IMAGES; image++) {
      totals[image % CLASSES]++;
      wrong[image % CLASSES] += correct.get(image) ? 0 : 1;
    }
    List<Integer> order =
        IntStream.rangeClosed(1, NETWORK.size())
            .filter(block -> !blocks.get(block - 1))
            .boxed()
            .toList();
    return new LesionRow(
        planned,
        order,
        List.of(
            Tally.of(
                0,
                correct,
                0,
                BigInteger.valueOf(random.nextInt(Integer.MAX_VALUE) * 400L),
                IntStream.of(totals).boxed().toList(),
                IntStream.of(wrong).boxed().toList())));
  }

  private void fill(Path folder) {
    ResultStore store = ResultStore.open(folder.resolve("store"));
    List<StudyTask<LesionReport>> all = study().tasks();
    all.parallelStream()
        .forEach(
            task -> store.put(task, task.run(io.github.resnetensembles.ProgressListener.none())));
  }

  private void merge(Path folder) throws Exception {
    Path file = folder.resolve("merged.jsonl.gz");
    long start = System.nanoTime();
    ResultStore.open(folder.resolve("store")).mergeTo(study(), file);
    System.out.printf(
        "rows: %s%nseconds: %.1f%nheap: %s%nfile: %s%n",
        (long) tasks * rows, (System.nanoTime() - start) / 1e9, heap(), Files.size(file));
    check(file);
  }

  /** The most that all parts of the heap ever held, which is more than they held at a time. */
  private static long heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  private void check(Path file) throws Exception {
    try (ResultFile open = ResultFile.open(file).orElseThrow()) {
      JsonNode head = JsonNode.parse(open.head(), "the head");
      require(head.get("complete").bool(), "the result is complete");
      require(head.get("plan").as(PlanPart.class).isWhole(), "the plan is whole");
      require(
          head.get("provenance").as(Provenance.class).runs().size() == tasks, "all runs are there");
      int number = 0;
      while (open.hasNext()) {
        String row = open.next();
        number++;
        if (number % CHECKED == 1) {
          require(row.equals(JsonMappings.write(row(number))), "row " + number + " in its place");
        }
      }
      require(number == tasks * rows, "all rows are there");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not true: " + what);
    }
  }
}
