package io.github.resnetensembles.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.report.ReportTable.Cell;
import java.util.List;

/** Tables as JSON and CSV, and what they must be like. */
final class TableText {
  private TableText() {}

  static void check(String name, String title, List<String> columns, List<List<Cell>> rows) {
    Text.checkName("a table", name);
    if (rows.isEmpty()) {
      throw new InvalidInputException(
          "the table " + name + " has no row, so there is nothing to show; leave it out");
    }
    Text.checkLabels("the table " + name, title);
    Text.checkLabels("the table " + name, columns);
    for (List<Cell> row : rows) {
      Text.checkWords("the table " + name, row.stream().map(Cell::text).toList());
      if (row.size() != columns.size()) {
        throw new InvalidInputException(
            "a row of the table %s has %s cells, but there are %s columns"
                .formatted(name, row.size(), columns.size()));
      }
      for (Cell cell : row) {
        if (cell.number().isPresent() && !Double.isFinite(cell.number().getAsDouble())) {
          throw new InvalidInputException(
              "a cell of the table %s has the number %s; say in words that there is none"
                  .formatted(name, cell.number().getAsDouble()));
        }
      }
    }
  }

  /** Cells as JSON: their number if they have one. */
  static final class CellJson implements JsonMapping<Cell> {
    @Override
    public JsonElement write(Cell cell) {
      return cell.number().isPresent()
          ? new JsonPrimitive(Numbers.plain(cell.number().getAsDouble()))
          : new JsonPrimitive(cell.text());
    }

    @Override
    public Cell read(JsonNode node) {
      throw new UnsupportedOperationException("tables are not read");
    }
  }

  static String csv(ReportTable table) {
    return Csv.write(
        table.columns(),
        table.rows().stream().map(row -> row.stream().map(TableText::full).toList()).toList());
  }

  private static String full(Cell cell) {
    return cell.number().isPresent() ? Text.number(cell.number().getAsDouble()) : cell.text();
  }
}
