package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rename rules, one a line. */
final class RenameParser {
  private static final String ARROW = "->";
  private static final int MAX_LINE = 1000;
  private static final int MAX_RULES = 10_000;

  private RenameParser() {}

  static RenameRules parse(List<String> lines) {
    List<RenameRules.Rule> rules = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        if (rules.size() == MAX_RULES) {
          throw wrong(i + 1, "at most " + MAX_RULES + " rules are read", null);
        }
        rules.add(rule(i + 1, line));
      }
    }
    return new RenameRules(rules);
  }

  private static RenameRules.Rule rule(int number, String line) {
    if (line.length() > MAX_LINE) {
      throw wrong(
          number,
          "it has " + line.length() + " characters; at most " + MAX_LINE + " are read",
          null);
    }
    int arrow = line.indexOf(ARROW);
    String expression = arrow < 0 ? "" : line.substring(0, arrow).strip();
    if (expression.isEmpty()) {
      throw wrong(
          number,
          "'" + Names.shorten(line) + "' is no rule; write 'regular-expression -> replacement'",
          null);
    }
    String replacement = line.substring(arrow + ARROW.length()).strip();
    try {
      return new RenameRules.Rule(expression, replacement);
    } catch (InvalidInputException e) {
      throw wrong(number, String.valueOf(e.getMessage()), e);
    }
  }

  private static InvalidInputException wrong(
      int number, String why, @Nullable RuntimeException cause) {
    return new InvalidInputException("rename rules, line " + number + ": " + why, cause);
  }
}
