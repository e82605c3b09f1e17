package io.github.resnetensembles.internal.figure;

import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What figures, tables and results have in common as texts. */
final class Text {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private static final Pattern FORMULA = Pattern.compile("\\s*[=+\\-@]");
  private static final Pattern NUMBER = Pattern.compile("-?(\\d+(\\.\\d+)?([eE]-?\\d+)?|Infinity)");

  private Text() {}

  /** Refuses names that no file should have. */
  static void checkName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          "the name of "
              + what
              + " is lower case letters, digits and single hyphens between them, because files are"
              + " named after it, got '"
              + name
              + "'");
    }
  }

  /** Refuses texts that pictures and pages could not show. */
  static void checkShown(String where, List<String> texts) {
    for (String text : texts) {
      try {
        String unused = Names.require("a text of " + where, text, Integer.MAX_VALUE);
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  static void checkShown(String where, String... texts) {
    checkShown(where, List.of(texts));
  }

  /** A number in full, an integer without a fraction. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  static JsonPrimitive json(double value) {
    return new JsonPrimitive(new BigDecimal(number(value)));
  }

  /** Spreadsheets take what begins like a formula for one, unless an apostrophe says it is text. */
  private static String cell(String text) {
    return FORMULA.matcher(text).lookingAt() && !NUMBER.matcher(text).matches() ? "'" + text : text;
  }

  /** Lines of CSV. */
  static String csv(List<String> header, Iterable<? extends List<String>> rows) {
    StringBuilder text = new StringBuilder();
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(header.stream().map(Text::cell).toArray(String[]::new))
            .get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      for (List<String> row : rows) {
        printer.printRecord(row.stream().map(Text::cell).toList());
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }
}
