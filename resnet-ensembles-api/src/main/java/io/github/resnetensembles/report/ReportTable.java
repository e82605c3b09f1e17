package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A table of a report.
 *
 * @param name short and unique in a report: lower case letters, digits and hyphens; files are named
 *     after it
 * @param title what it shows
 * @param columns their headings
 * @param rows as many cells each as there are columns
 */
public record ReportTable(String name, String title, List<String> columns, List<List<Cell>> rows) {
  /**
   * Copies the lists and checks their lengths.
   *
   * @param name short and unique in a report
   * @param title what it shows
   * @param columns their headings
   * @param rows as many cells each as there are columns
   * @throws InvalidInputException if a row has another number of cells, the name has other
   *     characters, or a text is long or cannot be shown
   */
  public ReportTable {
    columns = List.copyOf(columns);
    Require.present("name", name);
    Require.present("title", title);
    Require.notEmpty("columns", columns);
    rows = rows.stream().map(List::copyOf).toList();
    TableText.check(name, title, columns, rows);
  }

  /** {@return this table as JSON: numbers as numbers} */
  public String toJson() {
    return JsonNode.write(ReportTable.class, this);
  }

  /** {@return one line for each row, the columns' headings first; numbers in full} */
  public String toCsv() {
    return TableText.csv(this);
  }

  /**
   * A cell.
   *
   * @param text what is shown
   * @param number what it is sorted by; empty for words
   */
  @MappedBy(TableText.CellJson.class)
  public record Cell(String text, OptionalDouble number) {
    /**
     * Checks the components.
     *
     * @param text what is shown
     * @param number what it is sorted by
     */
    public Cell {
      Require.present("text", text);
      Require.present("number", number);
      number = Numbers.unsignedZero(number);
    }

    /**
     * A cell of words.
     *
     * @param text what is shown
     * @return the cell
     */
    public static Cell of(String text) {
      return new Cell(text, OptionalDouble.empty());
    }

    /**
     * A number.
     *
     * @param number its value
     * @param text how it is shown, rounded, with its unit
     * @return the cell
     */
    public static Cell of(double number, String text) {
      return new Cell(text, OptionalDouble.of(number));
    }
  }
}
