package io.github.resnetensembles.run;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.wiring.WiringCost;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.PlanPart;
import io.github.resnetensembles.lesion.SequentialStudy;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lesion study in pieces: ranges of records, and rows where one batch is too much. */
final class LesionTasks {
  private static final Interrupts INTERRUPTS = Interrupts.during("a study was cut");

  private final LesionStudy study;
  private final LesionPlan plan;
  private final RecordRange records;
  private final int batchSize;
  private final List<Wiring> wirings;
  private final WiringCost cost;
  private final String key;
  private final long maxCost;

  private LesionTasks(LesionStudy study, ImageSet images, long maxCost) {
    this.study = study;
    this.plan = study.plan();
    this.records = RecordRange.of(images);
    this.batchSize = study.options().batchSize();
    Provenance provenance = study.provenance(images);
    Architecture architecture = provenance.architecture();
    this.wirings = plan.wirings(study.base(), architecture);
    this.cost = WiringCost.of(wirings);
    this.key = TaskKey.ofStudy(JsonMappings.kind(LesionReport.class), provenance, asked());
    this.maxCost = maxCost;
  }

  static StudyTasks<LesionReport> cut(LesionStudy study, ImageSet images, long maxCost) {
    return cut(study, images, maxCost, LesionFileMerging.MAX_OPEN);
  }

  /** With a number of files that merging opens at a time. */
  static CutStudy<LesionReport> cut(LesionStudy study, ImageSet images, long maxCost, int maxOpen) {
    if (maxCost < 1) {
      throw new InvalidInputException(
          "a task may cost at least 1 block evaluation, got " + maxCost);
    }
    // What cannot be cut is refused before anything is run.
    LesionPlan unused = study.records(RecordRange.of(images)).plan();
    LesionTasks cut = new LesionTasks(study, images, maxCost);
    Provenance provenance = study.provenance(images);
    Cost whole = study.cost(images);
    return new CutStudy<>(
        LesionReport.class,
        cut.key,
        cut.plan.description() + " on the records " + cut.records + " of " + images.name(),
        cut.tasks(images, provenance.architecture()),
        whole.blockEvaluations(),
        provenance,
        cut::merge,
        Optional.of(
            () ->
                new LesionFileMerging(
                    part -> asAsked(cut.plan, part),
                    coverage -> cut.cost(coverage, whole),
                    maxOpen)));
  }

  /** Runs a round's batches together, each in one piece. */
  static List<LesionReport> run(
      List<SequentialStudy.BatchStudy> batches,
      StudyExecutor executor,
      ResultStore store,
      ProgressListener listener) {
    List<StudyTasks<LesionReport>> pieces = new ArrayList<>();
    for (SequentialStudy.BatchStudy batch : batches) {
      INTERRUPTS.check();
      pieces.add(cut(batch.study(), batch.images(), Long.MAX_VALUE));
    }
    executor.execute(pieces, store, listener);
    // Damaged files show when they are read only.
    return pieces.stream().map(piece -> piece.run(executor, store, listener)).toList();
  }

  /** What the store let in may be mixed. */
  private LesionReport merge(List<LesionReport> results) {
    return ofPlan(plan, LesionReport.merge(results, MergeOption.MIXED));
  }

  /** A share of a plan, merged of its pieces, stays one. */
  static LesionReport ofPlan(LesionPlan plan, LesionReport merged) {
    Optional<PlanPart> asked = merged.plan().map(part -> asAsked(plan, part));
    return asked.equals(merged.plan()) ? merged : merged.withPlan(asked.orElseThrow());
  }

  private static PlanPart asAsked(LesionPlan plan, PlanPart merged) {
    PlanPart asked = plan.rowsOfPlan();
    return merged.rows().equals(asked.rows()) ? asked : merged;
  }

  /** What was measured costs as one run; the whole study's cost is known. */
  private Cost cost(Coverage coverage, Cost whole) {
    RangeSet<Integer> asked = ImmutableRangeSet.of(Range.closedOpen(records.from(), records.end()));
    Map<Integer, RangeSet<Integer>> recordsByNumber = new HashMap<>();
    coverage
        .groups()
        .forEach(
            group -> group.rows().forEach(number -> recordsByNumber.put(number, group.records())));
    if (recordsByNumber.size() == plan.rows().size() && coverage.isAll(asked)) {
      return whole;
    }
    List<Wiring> some = new ArrayList<>(List.of(wirings.get(0)));
    List<RangeSet<Integer>> ofRecords = new ArrayList<>(List.of(coverage.baseline()));
    List<Integer> numbers = plan.rowsOfPlan().numbers();
    for (int i = 0; i < numbers.size(); i++) {
      RangeSet<Integer> ofRow = recordsByNumber.get(numbers.get(i));
      if (ofRow != null) {
        some.add(wirings.get(i + 1));
        ofRecords.add(ofRow);
      }
    }
    return WiringCost.of(some, ofRecords);
  }

  private JsonObject asked() {
    JsonObject asked = new JsonObject();
    asked.addProperty("plan", plan.sha256());
    asked.add("base", JsonNode.tree(Lesion.class, study.base()));
    asked.add("records", JsonNode.tree(RecordRange.class, records));
    JsonArray references = new JsonArray();
    study.references().forEach(images -> references.add(images.sha256()));
    asked.add("references", references);
    JsonArray metrics = new JsonArray();
    study.measures().metrics().keySet().forEach(metrics::add);
    asked.add("metrics", metrics);
    asked.addProperty("imageValues", study.measures().imageValues());
    return asked;
  }

  private List<StudyTask<LesionReport>> tasks(ImageSet images, Architecture architecture) {
    long batches = (maxCost - cost.once()) / Math.max(1, cost.image() * batchSize);
    if (batches >= 1 || plan.rows().size() <= 1) {
      int together = (int) Math.min(Math.max(1, batches), images.size());
      return tasks(images, together, plan, cost);
    }
    List<StudyTask<LesionReport>> tasks = new ArrayList<>();
    int batch = Math.min(batchSize, images.size());
    for (LesionPlan.Group group : plan.cut(study.base(), architecture, batch, maxCost)) {
      INTERRUPTS.check(tasks.size());
      tasks.addAll(tasks(images, 1, plan.part(group.rows()), cost(group.rows())));
    }
    return tasks;
  }

  /** Of some rows, with the baseline. */
  private WiringCost cost(List<Integer> rows) {
    List<Wiring> some = new ArrayList<>(List.of(wirings.get(0)));
    rows.forEach(row -> some.add(wirings.get(row)));
    return WiringCost.of(some);
  }

  private List<StudyTask<LesionReport>> tasks(
      ImageSet images, int batches, LesionPlan rows, WiringCost perImage) {
    List<StudyTask<LesionReport>> tasks = new ArrayList<>();
    for (long from = 0; from < images.size(); from += (long) batches * batchSize) {
      int count = (int) Math.min((long) batches * batchSize, images.size() - from);
      int first = records.from() + (int) from;
      tasks.add(
          task(
              images,
              new RecordRange(first, first + count),
              rows,
              perImage.of(count).blockEvaluations()));
    }
    return tasks;
  }

  private StudyTask<LesionReport> task(
      ImageSet images, RecordRange range, LesionPlan rows, long blockEvaluations) {
    String text =
        "%s of %s rows on the records %s".formatted(rows.rows().size(), plan.rows().size(), range);
    JsonElement piece = JsonNode.tree(PlanPart.class, rows.rowsOfPlan());
    LesionStudy part = study.only(rows).records(range);
    return new CutTask<>(
        LesionReport.class,
        key,
        TaskKey.ofTask(key, JsonNode.tree(RecordRange.class, range), piece),
        text,
        Math.max(1, blockEvaluations),
        listener -> part.options(study.options().withListener(listener)).run(images));
  }
}
