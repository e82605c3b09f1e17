package io.github.resnetensembles.examples;

/** Which characters people can be shown as they are. */
public final class ShownText {
  private ShownText() {}

  /**
   * {@return whether a character neither controls a terminal or the direction of text, nor ends a
   * line, nor is half of a pair or none at all}
   *
   * @param codePoint of Unicode
   */
  public static boolean isShown(int codePoint) {
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

  /**
   * {@return whether a text can be shown as it is}
   *
   * @param text from a file or a user
   */
  public static boolean isShown(String text) {
    return text.codePoints().allMatch(ShownText::isShown);
  }
}
