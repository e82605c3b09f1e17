package io.github.resnetensembles.internal;

import java.util.Locale;

/** Makes text of unknown origin fit for messages, terminals and documents. */
public final class Names {
  private static final int MAX_SHOWN = 80;

  private Names() {}

  /**
   * {@return the first 80 characters on one line, with an ellipsis where there are more}
   *
   * @param text a value from a file or a user
   */
  public static String shorten(String text) {
    if (text.length() <= MAX_SHOWN) {
      return oneLine(text);
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_SHOWN - 1)) ? MAX_SHOWN - 1 : MAX_SHOWN;
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
      throw new IllegalArgumentException(
          what
              + " has "
              + text.length()
              + " characters, more than "
              + longest
              + ": "
              + shorten(text));
    }
    text.codePoints()
        .filter(c -> !printable(c))
        .findFirst()
        .ifPresent(
            c -> {
              throw new IllegalArgumentException(
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
   * or paragraphs, nor half of a surrogate pair}
   *
   * @param codePoint of Unicode
   */
  public static boolean printable(int codePoint) {
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
