package io.github.resnetensembles.run;

import com.google.common.hash.Hashing;
import com.google.gson.JsonObject;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
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
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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
              listener -> {
                throw new IllegalStateException("task " + task + " cannot be run");
              }));
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

  private LesionReport report(int task, List<LesionRow> own, List<RecordRange> numbers) {
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
    List<Integer> order =
        IntStream.rangeClosed(1, NETWORK.size())
            .filter(block -> !blocks.get(block - 1))
            .boxed()
            .toList();
    return new LesionRow(planned, order, List.of(tally(number)));
  }

  private static Tally tally(int number) {
    SplittableRandom random = new SplittableRandom(number);
    BitSet correct = BitSet.valueOf(new long[] {random.nextLong(), random.nextLong()});
    correct.clear(IMAGES, 2 * Long.SIZE);
    int[] totals = new int[CLASSES];
    int[] wrong = new int[CLASSES];
    for (int image = 0; image < IMAGES; image++) {
      totals[image % CLASSES]++;
      wrong[image % CLASSES] += correct.get(image) ? 0 : 1;
    }
    return Tally.of(
        0,
        correct,
        0,
        BigInteger.valueOf(random.nextInt(Integer.MAX_VALUE) * 400L),
        IntStream.of(totals).boxed().toList(),
        IntStream.of(wrong).boxed().toList());
  }

  /** Writes the files as the store does, without making results first, which takes far longer. */
  private void fill(Path folder) {
    Path store = ResultStore.open(folder.resolve("store")).folder();
    CutStudy<LesionReport> study = study();
    for (int i = 0; i < tasks; i++) {
      String key = study.tasks().get(i).key();
      Path parent = store.resolve("results").resolve(study.key()).resolve(key.substring(0, 2));
      Path file = parent.resolve(key + ResultFile.SUFFIX);
      int first = i + 1;
      try {
        Files.createDirectories(parent);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ResultFile.writeFast(
          file,
          head(i),
          IntStream.range(0, rows).mapToObj(row -> text(first + row * tasks)).iterator());
    }
  }

  private String head(int task) {
    JsonObject head = ResultFile.head(report(task, List.of(), List.of()));
    BitSet numbers = new BitSet();
    for (int number = task + 1; number <= tasks * rows; number += tasks) {
      numbers.set(number);
    }
    return JsonNode.write(LesionFileMerging.withRows(head, numbers));
  }

  /** A row's JSON, without the row; the check shows that it is the same. */
  private static String text(int number) {
    Tally tally = tally(number);
    String deleted =
        BitSet.valueOf(new long[] {number}).stream()
            .mapToObj(block -> String.valueOf(block + 1))
            .collect(Collectors.joining(","));
    String totals = text(tally.classTotals());
    String wrong = text(tally.classWrong());
    return "{\"lesion\":\"delete{"
        + deleted
        + "}\",\"operations\":[{\"kind\":\"delete\",\"blocks\":["
        + deleted
        + "]}],\"k\":"
        + Integer.bitCount(number)
        + ",\"draw\":"
        + number
        + ",\"seed\":0,\"deleted\":["
        + deleted
        + "],\"wrong\":"
        + tally.wrong()
        + ",\"total\":"
        + IMAGES
        + ",\"errorRate\":"
        + (double) tally.wrong() / IMAGES
        + ",\"loss\":"
        + Math.scalb(tally.lossUnits().doubleValue(), -32) / IMAGES
        + ",\"nonFinite\":0,\"classTotals\":"
        + totals
        + ",\"classWrong\":"
        + wrong
        + ",\"tallies\":[{\"from\":0,\"total\":"
        + IMAGES
        + ",\"wrong\":"
        + tally.wrong()
        + ",\"nonFinite\":0,\"lossUnits\":\""
        + tally.lossUnits()
        + "\",\"classTotals\":"
        + totals
        + ",\"classWrong\":"
        + wrong
        + ",\"correct\":\""
        + tally.correctBits().replace("=", "\\u003d")
        + "\"}]}";
  }

  private static String text(List<Integer> counts) {
    return counts.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }

  private void merge(Path folder) throws Exception {
    Path file = folder.resolve("merged.jsonl.gz");
    AtomicLong most = new AtomicLong();
    Thread watch = new Thread(() -> watch(most));
    watch.setDaemon(true);
    watch.start();
    long start = System.nanoTime();
    ResultStore.open(folder.resolve("store")).mergeTo(study(), file);
    System.out.printf(
        "rows: %s%nseconds: %.1f%nprocessor seconds: %.1f%nmost heap in use: %s%nfile: %s%n",
        (long) tasks * rows,
        (System.nanoTime() - start) / 1e9,
        ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3,
        most.get(),
        Files.size(file));
    check(file);
  }

  private static void watch(AtomicLong most) {
    while (true) {
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      most.accumulateAndGet(used, Math::max);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        return;
      }
    }
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
