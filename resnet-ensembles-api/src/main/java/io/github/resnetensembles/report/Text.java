package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Numbers;
import java.util.List;
import java.util.regex.Pattern;

/** What figures, tables and results have in common as texts. */
final class Text {
  private static final Pattern NAME = Pattern.compile("(?=.{1,100}$)[a-z0-9]+(-[a-z0-9]+)*");

  /** Of a network: other labels are made of it. */
  static final int MAX_NETWORK = 400;

  static final int MAX_LABEL = 2000;
  static final int MAX_WORDS = 100_000;

  private Text() {}

  /** Refuses names that no file should have. */
  static void checkName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          ("the name of %s is lower case letters, digits and single hyphens between"
                  + " them, at most 100, because files are named after it, got '%s'")
              .formatted(what, Names.shorten(name)));
    }
  }

  /** Refuses a text that pictures and pages could not show. */
  static void checkShown(String what, String text, int longest) {
    try {
      String unused = Names.require(what, text, longest);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Of titles, labels and names in a figure or table. */
  static void checkLabels(String where, List<String> labels) {
    labels.forEach(label -> checkShown("a text of " + where, label, MAX_LABEL));
  }

  static void checkLabels(String where, String... labels) {
    checkLabels(where, List.of(labels));
  }

  /** Of descriptions, paragraphs, cells and command lines. */
  static void checkWords(String where, List<String> words) {
    words.forEach(text -> checkShown("a text of " + where, text, MAX_WORDS));
  }

  /** A number in full, an integer without a fraction. */
  static String number(double value) {
    return Numbers.plainText(value);
  }
}
