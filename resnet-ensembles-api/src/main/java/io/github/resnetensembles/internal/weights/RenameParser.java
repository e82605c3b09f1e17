package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RenameRules;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads rename rules, one a line. */
public final class RenameParser {
  private static final String ARROW = "->";
  private static final int MAX_LINE = 1000;

  private RenameParser() {}

  public static RenameRules parse(List<String> lines) {
    List<RenameRules.Rule> rules = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        rules.add(rule(i + 1, line));
      }
    }
    return new RenameRules(rules);
  }

  private static RenameRules.Rule rule(int number, String line) {
    if (line.length() > MAX_LINE) {
      throw new InvalidInputException(
          "rename rules, line "
              + number
              + ": it has "
              + line.length()
              + " characters; at most "
              + MAX_LINE
              + " are read");
    }
    int arrow = line.indexOf(ARROW);
    String expression = arrow < 0 ? "" : line.substring(0, arrow).strip();
    if (expression.isEmpty()) {
      throw new InvalidInputException(
          "rename rules, line "
              + number
              + ": '"
              + Names.shorten(line)
              + "' is no rule; write 'regular-expression -> replacement'");
    }
    String replacement = line.substring(arrow + ARROW.length()).strip();
    try {
      Pattern pattern = Pattern.compile(expression);
      tryOut(expression, replacement);
      return new RenameRules.Rule(pattern, replacement);
    } catch (PatternSyntaxException e) {
      throw wrong(number, "the expression '" + expression + "' is wrong: " + e.getDescription(), e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw wrong(number, "the replacement '" + replacement + "' is wrong: " + e.getMessage(), e);
    }
  }

  /** Replaces an empty match, in which every group is unset: a group that is not there throws. */
  private static void tryOut(String expression, String replacement) {
    Pattern orEmpty;
    try {
      orEmpty = Pattern.compile("(?:" + expression + "\n)|");
    } catch (PatternSyntaxException e) {
      return; // An unclosed \Q swallowed the rest; such a rule shows its faults when it is applied.
    }
    String unused = orEmpty.matcher("").replaceFirst(replacement);
    if (unused.length() > TensorNames.MAX_LENGTH) {
      throw new IllegalArgumentException("it is longer than any name");
    }
  }

  private static InvalidInputException wrong(int number, String why, RuntimeException cause) {
    return new InvalidInputException("rename rules, line " + number + ": " + why, cause);
  }
}
