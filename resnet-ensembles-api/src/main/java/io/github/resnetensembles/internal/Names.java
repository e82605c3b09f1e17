package io.github.resnetensembles.internal;

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
