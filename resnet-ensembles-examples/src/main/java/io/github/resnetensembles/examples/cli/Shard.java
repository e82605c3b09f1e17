package io.github.resnetensembles.examples.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A share of a plan's rows: {@code 2/8} is the second of eight. */
record Shard(int number, int of) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})/(\\d{1,9})");

  /** Reads a shard. */
  static final class Converter implements ITypeConverter<Shard> {
    Converter() {}

    @Override
    public Shard convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException("expected a shard like 2/8, got '" + text + "'");
      }
      return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
  }
}
