package io.github.resnetensembles;

import io.github.resnetensembles.internal.weights.RenameParser;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How the tensor names of a checkpoint become names that this library recognises. Every rule is
 * applied once to every name, in order, replacing all its matches.
 *
 * @param rules in order; may be empty
 */
public record RenameRules(List<Rule> rules) {
  /**
   * One rule.
   *
   * @param pattern what to look for
   * @param replacement what to put there; {@code $1} is the first group
   */
  public record Rule(Pattern pattern, String replacement) {}

  /**
   * Copies the list.
   *
   * @param rules in order
   */
  public RenameRules {
    rules = List.copyOf(rules);
  }

  /** {@return no rules} */
  public static RenameRules none() {
    return new RenameRules(List.of());
  }

  /**
   * Reads rules.
   *
   * @param lines {@code regular-expression -> replacement}; empty lines and lines that begin with
   *     {@code #} are skipped
   * @return the rules
   * @throws InvalidInputException if a line has no arrow or its expression is wrong; the message
   *     has the line's number
   */
  public static RenameRules parse(List<String> lines) {
    return RenameParser.parse(lines);
  }
}
