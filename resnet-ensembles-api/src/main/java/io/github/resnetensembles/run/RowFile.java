package io.github.resnetensembles.run;

import com.google.common.primitives.ImmutableIntArray;
import io.github.resnetensembles.internal.Names;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of rows, in the order of their plan.
 *
 * @param file where it is
 * @param first the number of its first row in the plan
 * @param last the number of its last row
 * @param numbers of all its rows; empty where each stands before its row
 */
record RowFile(Path file, int first, int last, Optional<ImmutableIntArray> numbers) {
  /** Rows that are read one by one. */
  static final class Reader implements AutoCloseable {
    private final RowFile rows;
    private final ResultFile open;
    private int read;
    private NumberedRow row;

    private Reader(RowFile rows, ResultFile open) throws ResultFile.DamagedException {
      this.rows = rows;
      this.open = open;
      this.row = read();
    }

    /** The row that was read last. */
    NumberedRow row() {
      return row;
    }

    /** Reads the next row, if there is one. */
    boolean advance() throws ResultFile.DamagedException {
      if (!open.hasNext()) {
        return false;
      }
      row = read();
      return true;
    }

    private NumberedRow read() throws ResultFile.DamagedException {
      String line = open.next();
      int place = read++;
      return rows.numbers
          .map(numbers -> new NumberedRow(numbers.get(place), line))
          .orElseGet(() -> NumberedRow.parse(line));
    }

    @Override
    public void close() {
      open.close();
    }
  }

  /** Opens the file, which has at least one row, and reads that. */
  Reader open() throws ResultFile.DamagedException {
    ResultFile open =
        ResultFile.open(file)
            .orElseThrow(
                () -> new ResultFile.DamagedException(Names.path(file) + " was taken away", null));
    try {
      return new Reader(this, open);
    } catch (ResultFile.DamagedException | RuntimeException | Error e) {
      open.close();
      throw e;
    }
  }
}
