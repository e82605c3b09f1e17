package io.github.resnetensembles.internal;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Lines of comma-separated values that no program takes for anything else. */
public final class Csv {
  private static final Pattern FORMULA = Pattern.compile("\\s*[=+\\-@]");
  private static final Pattern NUMBER = Pattern.compile("-?(\\d+(\\.\\d+)?([eE]-?\\d+)?|Infinity)");

  private static final Splitter COMMA = Splitter.on(',');

  private Csv() {}

  /**
   * {@return lines of CSV, the names of the columns first}
   *
   * @param rows numbers and texts; of an empty optional number the cell is empty
   */
  public static String write(List<String> columns, Iterable<? extends List<?>> rows) {
    StringBuilder text = new StringBuilder();
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(columns.stream().map(Csv::cell).toArray(String[]::new))
            .get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      for (List<?> row : rows) {
        printer.printRecord(row.stream().map(Csv::cell).toList());
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }

  /**
   * {@return lines of CSV, the names of the columns first}
   *
   * @param columns their names, separated by commas
   * @param rows by the names of the columns; what a row does not have is empty
   */
  public static String table(String columns, List<? extends Map<String, Object>> rows) {
    List<String> names = COMMA.splitToList(columns);
    return write(
        names,
        rows.stream()
            .map(row -> names.stream().map(name -> row.getOrDefault(name, "")).toList())
            .toList());
  }

  private static String cell(Object value) {
    if (value instanceof Collection<?> values) {
      return values.stream().map(Csv::cell).collect(Collectors.joining(" "));
    }
    if (value instanceof OptionalInt number) {
      return number.isPresent() ? String.valueOf(number.getAsInt()) : "";
    }
    if (value instanceof OptionalLong number) {
      return number.isPresent() ? String.valueOf(number.getAsLong()) : "";
    }
    if (value instanceof OptionalDouble number) {
      return number.isPresent() ? cell(number.getAsDouble()) : "";
    }
    if (value instanceof Double number) {
      return String.valueOf(Numbers.unsignedZero(number));
    }
    return value instanceof Number ? value.toString() : words(value.toString());
  }

  /** Spreadsheets take what begins like a formula for one, unless an apostrophe says it is text. */
  private static String words(String text) {
    return FORMULA.matcher(text).lookingAt() && !NUMBER.matcher(text).matches() ? "'" + text : text;
  }
}
