package io.github.resnetensembles.internal.figure;

import com.google.gson.JsonPrimitive;
import io.github.resnetensembles.InvalidInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What figures, tables and results have in common as texts. */
final class Text {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

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

  /** A number in full, an integer without a fraction. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  static JsonPrimitive json(double value) {
    return new JsonPrimitive(new BigDecimal(number(value)));
  }

  /** Lines of CSV. */
  static String csv(List<String> header, Iterable<? extends List<String>> rows) {
    StringBuilder text = new StringBuilder();
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(header.toArray(String[]::new))
            .get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      for (List<String> row : rows) {
        printer.printRecord(row);
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }
}
