package io.github.resnetensembles.weights;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import org.jspecify.annotations.Nullable;

/** A rename rule, ready for use: its time grows with the length of a name, never faster. */
final class Renaming {
  private static final int MAX_LENGTH = 1000;

  /** Counted repetitions are written out by the engine: nested ones multiply. */
  private static final int MAX_PROGRAM = 100_000;

  private static final Pattern COUNT = Pattern.compile("\\{([0-9]{1,9})(?:,([0-9]{0,9}))?\\}");

  private final Pattern pattern;
  private final String replacement;

  private Renaming(Pattern pattern, String replacement) {
    this.pattern = pattern;
    this.replacement = replacement;
  }

  /**
   * Compiles a rule.
   *
   * @throws InvalidInputException if the expression or the replacement is wrong
   */
  static Renaming of(RenameRules.Rule rule) {
    return of(rule.pattern(), rule.replacement());
  }

  /** As {@link #of(RenameRules.Rule)}. */
  static Renaming of(String expression, String replacement) {
    checkLength(expression, "expression");
    checkLength(replacement, "replacement");
    checkRepetitions(expression);
    Pattern pattern;
    try {
      pattern = Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new InvalidInputException(
          ("the expression '%s' is wrong: %s%s (back-references and look-around do not" + " exist)")
              .formatted(
                  Names.shorten(expression),
                  e.getDescription(),
                  e.getPattern().isEmpty() ? "" : ", at '" + Names.shorten(e.getPattern()) + "'"),
          e);
    }
    checkReplacement(pattern, replacement);
    return new Renaming(pattern, replacement);
  }

  /** {@return the new name; null if the rule drops the tensor} */
  @Nullable String apply(String name) {
    Matcher matcher = pattern.matcher(name);
    if (replacement.isEmpty() && matcher.matches()) {
      return null;
    }
    return matcher.reset().replaceAll(replacement);
  }

  private static void checkLength(String text, String what) {
    if (text.length() > MAX_LENGTH) {
      throw new InvalidInputException(
          "the %s '%s' has %s characters; at most %s are read"
              .formatted(what, Names.shorten(text), text.length(), MAX_LENGTH));
    }
  }

  private static void checkRepetitions(String expression) {
    long most = expression.length();
    Matcher counts = COUNT.matcher(expression);
    while (counts.find() && most <= MAX_PROGRAM) {
      String upper = counts.group(2);
      most *=
          Math.max(1, Long.parseLong(upper == null || upper.isEmpty() ? counts.group(1) : upper));
    }
    if (most > MAX_PROGRAM) {
      throw new InvalidInputException(
          ("the expression '%s' has repetitions whose counts multiply to too much; write"
                  + " * or + in their place")
              .formatted(Names.shorten(expression)));
    }
  }

  private static void checkReplacement(Pattern pattern, String replacement) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c == '\\' || c == '$') {
        i++;
        if (i == replacement.length()) {
          throw wrong(replacement, "nothing follows its last " + c);
        }
        if (c == '$') {
          checkGroup(pattern, replacement, i);
        }
      }
    }
  }

  private static void checkGroup(Pattern pattern, String replacement, int at) {
    int group = Character.digit(replacement.charAt(at), 10);
    int close = replacement.indexOf('}', at);
    if (replacement.charAt(at) == '{' && close > 0) {
      String name = replacement.substring(at + 1, close);
      if (!pattern.namedGroups().containsKey(name)) {
        throw wrong(replacement, "No group " + Names.shorten(name));
      }
    } else if (group < 0) {
      throw wrong(replacement, "neither a number nor a name in braces follows its $");
    } else if (group > pattern.groupCount()) {
      throw wrong(replacement, "No group " + group);
    }
  }

  private static InvalidInputException wrong(String replacement, String why) {
    return new InvalidInputException(
        "the replacement '" + Names.shorten(replacement) + "' is wrong: " + why);
  }
}
