package io.github.resnetensembles.internal;

import java.nio.file.Path;
import java.util.Locale;

/** Makes text of unknown origin fit for messages, terminals and documents. */
public final class Names {
  /** Of names that results keep: of data sets, machines and plans. */
  public static final int MAX_KEPT = 1000;

  private static final int MAX_SHOWN = 80;

  private Names() {}

  /**
   * {@return its first 80 characters on one line, with an ellipsis where there are more}
   *
   * @param value from a file or a user
   */
  public static String shorten(Object value) {
    return oneLine(value.toString(), MAX_SHOWN);
  }

  /**
   * {@return as much of a text as may be kept, on one line, with an ellipsis where there is more;
   * what was kept once stays as it is}
   *
   * @param text a name from a file or a user
   * @param longest how many characters are kept
   */
  public static String oneLine(String text, int longest) {
    if (text.length() <= longest) {
      return oneLine(text);
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return oneLine(text.substring(0, end)) + "…";
  }

  /**
   * {@return the text with a question mark in place of all that could break the line, change its
   * direction, steer a terminal or not be encoded}
   *
   * @param text a message with such values, of any length
   */
  public static String oneLine(String text) {
    if (text.codePoints().allMatch(Names::printable)) {
      return text;
    }
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> line.appendCodePoint(printable(c) ? c : '?'));
    return line.toString();
  }

  /**
   * {@return the path as it was given, on one line, as far as messages show paths}
   *
   * @param path from a user
   */
  public static String path(Path path) {
    return oneLine(path.toString(), MAX_KEPT);
  }

  /**
   * Refuses text that could not be shown as it is.
   *
   * @param what begins the message
   * @param text a name from a file or a user
   * @param longest how many characters it may have
   * @return the text
   * @throws IllegalArgumentException if it is longer, or a character is not printable
   */
  public static String require(String what, String text, int longest) {
    if (text.length() > longest) {
      throw new RefusedValueException(
          "%s has %s characters, more than %s: %s"
              .formatted(what, text.length(), longest, shorten(text)));
    }
    text.codePoints()
        .filter(c -> !printable(c))
        .findFirst()
        .ifPresent(
            c -> {
              throw new RefusedValueException(
                  String.format(
                      Locale.ROOT,
                      "%s has the character U+%04X, which cannot be shown: %s",
                      what,
                      c,
                      shorten(text)));
            });
    return text;
  }

  /**
   * {@return whether a character is neither a control nor a format character, a separator of lines
   * or paragraphs, nor half of a surrogate pair, nor one of the 66 that Unicode says are none,
   * which XML cannot hold}
   *
   * @param codePoint of Unicode
   */
  public static boolean printable(int codePoint) {
    if ((codePoint & 0xfffe) == 0xfffe || (codePoint >= 0xfdd0 && codePoint <= 0xfdef)) {
      return false;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
