package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.examples.ShownText;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/**
 * Writes what could steer a terminal or turn the direction of text, and what is no character, as
 * its number. Line feeds, carriage returns and tabs stay.
 */
final class PrintableWriter extends FilterWriter {
  private char high;

  PrintableWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(int c) throws IOException {
    write(new char[] {(char) c}, 0, 1);
  }

  @Override
  public void write(String text, int from, int count) throws IOException {
    write(text.toCharArray(), from, count);
  }

  @Override
  public void write(char[] text, int from, int count) throws IOException {
    StringBuilder printable = new StringBuilder(count);
    for (int i = from; i < from + count; i++) {
      char c = text[i];
      if (high != 0 && Character.isLowSurrogate(c)) {
        append(printable, Character.toCodePoint(high, c));
        high = 0;
        continue;
      }
      appendHalf(printable);
      if (Character.isHighSurrogate(c)) {
        high = c;
      } else {
        append(printable, c);
      }
    }
    out.append(printable);
  }

  @Override
  public void flush() throws IOException {
    StringBuilder half = new StringBuilder();
    appendHalf(half);
    out.append(half);
    super.flush();
  }

  private void appendHalf(StringBuilder printable) {
    if (high != 0) {
      append(printable, high);
      high = 0;
    }
  }

  private static void append(StringBuilder printable, int c) {
    if (c == '\n' || c == '\r' || c == '\t' || ShownText.isShown(c)) {
      printable.appendCodePoint(c);
    } else {
      printable.append(String.format(Locale.ROOT, "\\u%04X", c));
    }
  }
}
