package io.github.resnetensembles.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The rows of several files by their numbers: what all files have of one number comes together. A
 * file is open from the number of its first row to that of its last.
 */
final class RowMerge implements AutoCloseable {
  /** A file and its place among all, so that its rows come in the order that files were given. */
  private record Open(int place, RowFile.Reader reader) {
    int number() {
      return reader.row().number();
    }
  }

  private final List<RowFile> files;
  private final Deque<Integer> waiting;
  private final PriorityQueue<Open> open =
      new PriorityQueue<>(Comparator.comparingInt(Open::number).thenComparingInt(Open::place));

  RowMerge(List<RowFile> files) {
    this.files = files;
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      places.add(i);
    }
    places.sort(Comparator.comparingInt(place -> files.get(place).first()));
    this.waiting = new ArrayDeque<>(places);
  }

  /** How many files are open at once, at the most. */
  static int mostOpen(List<RowFile> files) {
    PriorityQueue<Integer> ends = new PriorityQueue<>();
    int most = 0;
    for (RowFile file : files.stream().sorted(Comparator.comparingInt(RowFile::first)).toList()) {
      while (!ends.isEmpty() && ends.element() < file.first()) {
        ends.remove();
      }
      ends.add(file.last());
      most = Math.max(most, ends.size());
    }
    return most;
  }

  /** What there is of the next number; nothing after the last. */
  List<NumberedRow> next() throws ResultFile.DamagedException {
    while (!waiting.isEmpty()
        && (open.isEmpty() || files.get(waiting.element()).first() <= open.element().number())) {
      int place = waiting.remove();
      open.add(new Open(place, files.get(place).open()));
    }
    List<NumberedRow> rows = new ArrayList<>();
    while (!open.isEmpty() && (rows.isEmpty() || open.element().number() == rows.get(0).number())) {
      Open least = open.remove();
      rows.add(least.reader().row());
      boolean more = false;
      try {
        more = least.reader().advance();
      } finally {
        if (!more) {
          least.reader().close();
        }
      }
      if (more) {
        open.add(least);
      }
    }
    return rows;
  }

  @Override
  public void close() {
    open.forEach(file -> file.reader().close());
    open.clear();
  }
}
