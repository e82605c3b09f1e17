package io.github.resnetensembles.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.result.MergeOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The rows of several files of one lesion study, each once, by their numbers. A row that one file
 * has alone stays as it is, letter by letter. Those that several have, for some records each, are
 * put together as reports of some rows at a time, so what may be put together, and how, is known to
 * {@link LesionReport#merge} alone.
 */
final class UnitedRows implements Iterator<NumberedRow>, AutoCloseable {
  /** What passes through an iterator. */
  static final class DamagedRowsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ResultFile.DamagedException damage;

    DamagedRowsException(ResultFile.DamagedException damage) {
      super(damage);
      this.damage = damage;
    }

    ResultFile.DamagedException damage() {
      return damage;
    }
  }

  private static final Interrupts INTERRUPTS = Interrupts.during("reports were merged");

  /** About so many letters of rows are in memory at a time, with what is made of them. */
  private static final long LETTERS = 4 << 20;

  private final RowMerge merge;
  private final JsonObject head;
  private final Thread caller;
  private final Deque<NumberedRow> ready = new ArrayDeque<>();

  /**
   * @param files whose rows are read
   * @param head a report that knows its plan, as JSON, of which some rows can be a report, too
   * @param caller whose interruption ends the reading
   */
  UnitedRows(List<RowFile> files, JsonObject head, Thread caller) {
    this.merge = new RowMerge(files);
    this.head = head;
    this.caller = caller;
  }

  @Override
  public boolean hasNext() {
    if (ready.isEmpty()) {
      if (caller.isInterrupted()) {
        throw INTERRUPTS.exception();
      }
      try {
        fill();
      } catch (ResultFile.DamagedException e) {
        throw new DamagedRowsException(e);
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public NumberedRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more rows");
    }
    return ready.remove();
  }

  private void fill() throws ResultFile.DamagedException {
    List<List<NumberedRow>> some = new ArrayList<>();
    long letters = 0;
    while (letters < LETTERS) {
      List<NumberedRow> rows = merge.next();
      if (rows.isEmpty()) {
        break;
      }
      some.add(rows);
      letters += rows.stream().mapToLong(row -> row.json().length()).sum();
    }
    Iterator<String> united =
        united(some.stream().filter(rows -> rows.size() > 1).toList()).iterator();
    for (List<NumberedRow> rows : some) {
      ready.add(
          rows.size() == 1 ? rows.get(0) : new NumberedRow(rows.get(0).number(), united.next()));
    }
  }

  /** The first lines of all rows are a report, the second ones another, and so on. */
  private List<String> united(List<List<NumberedRow>> several) throws ResultFile.DamagedException {
    if (several.isEmpty()) {
      return List.of();
    }
    List<LesionReport> reports = new ArrayList<>();
    int most = several.stream().mapToInt(List::size).max().orElseThrow();
    for (int i = 0; i < most; i++) {
      int place = i;
      reports.add(
          report(
              several.stream()
                  .filter(rows -> rows.size() > place)
                  .map(rows -> rows.get(place))
                  .toList()));
    }
    // What the heads let pass is not asked again.
    LesionReport merged = LesionReport.merge(reports, MergeOption.MIXED);
    List<String> texts = new ArrayList<>();
    for (JsonElement row : JsonMappings.tree(merged).getAsJsonObject().getAsJsonArray("rows")) {
      texts.add(JsonNode.write(row));
    }
    return texts;
  }

  private LesionReport report(List<NumberedRow> rows) throws ResultFile.DamagedException {
    BitSet numbers = new BitSet();
    rows.forEach(row -> numbers.set(row.number()));
    return ResultFile.read(
        LesionReport.class,
        JsonNode.write(LesionFileMerging.withRows(head, numbers)),
        rows.stream().map(NumberedRow::json).toList());
  }

  @Override
  public void close() {
    merge.close();
  }
}
