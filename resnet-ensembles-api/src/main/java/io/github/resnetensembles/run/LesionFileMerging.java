package io.github.resnetensembles.run;

import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import com.google.common.collect.Iterators;
import com.google.common.collect.Lists;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import com.google.common.primitives.ImmutableIntArray;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PlanPart;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Merges lesion reports that are files. In memory are their heads, the numbers of all rows, and a
 * few rows. Heads are merged as reports without rows, so what may be merged is known to {@link
 * LesionReport#merge} alone; what a head says of its rows (plan, cost, whether it is complete)
 * follows from which rows the files have of which records.
 */
final class LesionFileMerging implements FileMerging {
  /** Files that are open at a time: fewer than any system allows. */
  static final int MAX_OPEN = 128;

  private static final String PLAN = "plan";
  private static final String ROWS = "rows";

  private final UnaryOperator<PlanPart> asAsked;
  private final Function<Coverage, Cost> cost;
  private final int maxOpen;

  private final List<LesionReport> heads = new ArrayList<>();
  private final List<RowFile> files = new ArrayList<>();

  /** Most files have the same rows as others, on other records, or the same records. */
  private final Map<ImmutableIntArray, RangeSet<Integer>> recordsByRows = new LinkedHashMap<>();

  private final Interner<ImmutableIntArray> rows = Interners.newStrongInterner();
  private final Interner<Architecture> networks = Interners.newStrongInterner();
  private final Interner<LesionRow> baselines = Interners.newStrongInterner();

  /** Whether heads say enough of the rows. */
  private boolean known = true;

  /**
   * @param asAsked says which share of a plan some of its rows are
   * @param cost what rows and records cost as one run
   * @param maxOpen files that are open at a time, at least 2
   */
  LesionFileMerging(UnaryOperator<PlanPart> asAsked, Function<Coverage, Cost> cost, int maxOpen) {
    this.asAsked = asAsked;
    this.cost = cost;
    this.maxOpen = maxOpen;
  }

  @Override
  public void add(Path file, ResultFile open) throws ResultFile.DamagedException {
    JsonObject json = object(open.head());
    boolean hasPlan = json.has(PLAN);
    LesionReport head =
        ResultFile.read(
            LesionReport.class,
            JsonNode.write(hasPlan ? withRows(json, new BitSet()) : json),
            List.of());
    ImmutableIntArray numbers =
        hasPlan ? numbers(json.getAsJsonObject(PLAN)) : ImmutableIntArray.of();
    List<Tally> tallies = head.baseline().tallies();
    boolean alike = readThrough(open, tallies.get(0), hasPlan ? numbers.length() : -1);
    // From here on the file is good.
    known &= hasPlan && tallies.size() == 1 && alike;
    heads.add(shared(head));
    if (numbers.isEmpty()) {
      return;
    }
    ImmutableIntArray own = rows.intern(numbers);
    files.add(new RowFile(file, own.get(0), own.get(own.length() - 1), Optional.of(own)));
    RangeSet<Integer> records = recordsByRows.computeIfAbsent(own, unused -> TreeRangeSet.create());
    records.addAll(records(head.baseline()));
  }

  private static JsonObject object(String head) throws ResultFile.DamagedException {
    try {
      return JsonParser.parseString(head).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new ResultFile.DamagedException("a head is no JSON", e);
    }
  }

  /** A plan may have thousands of ranges, which are read as they stand; their order is checked. */
  private static ImmutableIntArray numbers(JsonObject plan) throws ResultFile.DamagedException {
    try {
      ImmutableIntArray.Builder numbers = ImmutableIntArray.builder();
      int end = 1;
      for (JsonElement element : plan.getAsJsonArray(ROWS)) {
        JsonArray range = element.getAsJsonArray();
        int from = range.get(0).getAsInt();
        if (from < end) {
          throw new ResultFile.DamagedException("rows of a plan are not in order", null);
        }
        end = range.get(1).getAsInt();
        for (int number = from; number < end; number++) {
          numbers.add(number);
        }
      }
      return numbers.build();
    } catch (RuntimeException e) {
      // There are as many ways to be no range as exceptions of the reader.
      throw new ResultFile.DamagedException("a plan has rows that are none", e);
    }
  }

  /**
   * Reads all rows.
   *
   * @param count how many there are; -1 if that is not known
   * @return whether each has one tally, of the same records as another
   */
  private static boolean readThrough(ResultFile open, Tally other, int count)
      throws ResultFile.DamagedException {
    // As it stands in every row; to look for it is far faster than to parse the row.
    String tally = "{\"from\":";
    String tallies =
        "\"tallies\":[%s%s,\"total\":%s,".formatted(tally, other.from(), other.total());
    boolean alike = true;
    int read = 0;
    while (open.hasNext()) {
      String row = open.next();
      int place = row.indexOf(tallies);
      alike &= place >= 0 && row.indexOf(tally, place + tallies.length()) < 0;
      read++;
    }
    if (count >= 0 && read != count) {
      throw new ResultFile.DamagedException(
          "a result has %s rows, but says that it has %s".formatted(read, count), null);
    }
    return alike;
  }

  /** The same head; what others have, too, is in memory once. */
  private LesionReport shared(LesionReport head) {
    Provenance provenance = head.provenance();
    return new LesionReport(
        head.base(),
        baselines.intern(head.baseline()),
        head.rows(),
        head.excluded(),
        head.cost(),
        head.records(),
        provenance.toBuilder().architecture(networks.intern(provenance.architecture())).build(),
        head.plan());
  }

  private static RangeSet<Integer> records(LesionRow row) {
    RangeSet<Integer> records = TreeRangeSet.create();
    row.tallies().forEach(tally -> records.add(Range.closedOpen(tally.from(), tally.end())));
    return records;
  }

  /** A head that says that it has these rows of its plan. */
  static JsonObject withRows(JsonObject head, BitSet numbers) {
    JsonArray ranges = new JsonArray();
    ranges(numbers).forEach(range -> ranges.add(JsonNode.tree(RecordRange.class, range)));
    JsonObject plan = with(head.getAsJsonObject(PLAN), ROWS, ranges);
    return with(head, PLAN, plan);
  }

  private static JsonObject with(JsonObject object, String field, JsonElement value) {
    JsonObject changed = new JsonObject();
    object.entrySet().forEach(other -> changed.add(other.getKey(), other.getValue()));
    changed.add(field, value);
    return changed;
  }

  private static List<RecordRange> ranges(BitSet numbers) {
    List<RecordRange> ranges = new ArrayList<>();
    int end;
    for (int from = numbers.nextSetBit(0); from >= 0; from = numbers.nextSetBit(end)) {
      end = numbers.nextClearBit(from);
      ranges.add(new RecordRange(from, end));
    }
    return ranges;
  }

  @Override
  public boolean write(Path target, Path temporary) throws ResultFile.DamagedException {
    BitSet all = new BitSet();
    recordsByRows.keySet().forEach(numbers -> numbers.forEach(all::set));
    // A row in two groups would have records of both.
    boolean disjoint =
        recordsByRows.keySet().stream().mapToInt(ImmutableIntArray::length).sum()
            == all.cardinality();
    if (!known || !disjoint) {
      return false;
    }
    LesionReport merged = LesionReport.merge(heads, MergeOption.MIXED);
    if (merged.plan().isEmpty()) {
      return false;
    }
    JsonObject some = ResultFile.head(oneRun(merged));
    try (UnitedRows united = united(fewer(some, temporary), some)) {
      ResultFile.write(
          target,
          JsonNode.write(head(merged, all)),
          Iterators.transform(united, NumberedRow::json));
    } catch (UnitedRows.DamagedRowsException e) {
      throw e.damage();
    }
    return true;
  }

  /** Of thousands of runs, which need not be written into every piece that is put together. */
  private LesionReport oneRun(LesionReport merged) {
    return new LesionReport(
        merged.base(),
        merged.baseline(),
        merged.rows(),
        merged.excluded(),
        merged.cost(),
        merged.records(),
        heads.get(0).provenance(),
        merged.plan());
  }

  /** The head of the merged report, with what its rows tell. */
  private JsonObject head(LesionReport merged, BitSet all) {
    PlanPart known = merged.plan().orElseThrow();
    PlanPart plan =
        asAsked.apply(new PlanPart(known.sha256(), known.size(), ranges(all), Optional.empty()));
    RangeSet<Integer> asked = TreeRangeSet.create();
    merged.records().forEach(range -> asked.add(Range.closedOpen(range.from(), range.end())));
    Coverage coverage =
        new Coverage(
            records(merged.baseline()),
            recordsByRows.entrySet().stream()
                .map(group -> new Coverage.Group(group.getKey(), group.getValue()))
                .toList());
    JsonObject head = ResultFile.head(merged);
    head.add(PLAN, JsonNode.tree(PlanPart.class, plan));
    head.addProperty(
        "complete", (plan.isWhole() || plan.shard().isPresent()) && coverage.isAll(asked));
    head.add("cost", JsonNode.tree(Cost.class, cost.apply(coverage)));
    return head;
  }

  private static UnitedRows united(List<RowFile> some, JsonObject head) {
    return new UnitedRows(some, head, Thread.currentThread());
  }

  /** So few files that they can be open at a time, with the rows of all. */
  private List<RowFile> fewer(JsonObject head, Path temporary) throws ResultFile.DamagedException {
    List<RowFile> left = files.stream().sorted(Comparator.comparingInt(RowFile::first)).toList();
    for (int pass = 1; RowMerge.mostOpen(left) > maxOpen; pass++) {
      List<RowFile> joined = new ArrayList<>();
      for (List<RowFile> some : Lists.partition(left, maxOpen)) {
        Path file = temporary.resolve(pass + "-" + joined.size() + ResultFile.SUFFIX);
        try (UnitedRows united = united(some, head)) {
          ResultFile.writeFast(file, "", Iterators.transform(united, NumberedRow::line));
        } catch (UnitedRows.DamagedRowsException e) {
          throw e.damage();
        }
        if (pass > 1) {
          for (RowFile done : some) {
            remove(done.file());
          }
        }
        joined.add(
            new RowFile(
                file,
                some.get(0).first(),
                some.stream().mapToInt(RowFile::last).max().orElseThrow(),
                Optional.empty()));
      }
      left = joined;
    }
    return left;
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Its folder is removed at the end.
    }
  }
}
