package io.github.resnetensembles.examples.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers from a first to a last one: {@code 1..20}, or {@code 5} alone. */
record Range(int from, int to) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");

  /** Reads a range. */
  static final class Converter implements ITypeConverter<Range> {
    Converter() {}

    @Override
    public Range convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException("expected a range like 1..20, got '" + text + "'");
      }
      int from = Integer.parseInt(matcher.group(1));
      return new Range(from, matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2)));
    }
  }
}
