package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import java.util.List;

/**
 * How the tensor names of a checkpoint become names that this library recognises. Every rule is
 * applied once to every name, in order, replacing all its matches. A rule with an empty replacement
 * drops a tensor whose whole name it matches: the tensor is not read.
 *
 * @param rules in order; may be empty
 */
public record RenameRules(List<Rule> rules) {
  /**
   * One rule. Expressions have the syntax of RE2/J, which is that of Java without back-references,
   * look-around and possessive repetition; matching takes time in proportion to the name's length.
   *
   * @param pattern what to look for, at most 1000 characters
   * @param replacement what to put there; {@code $1} is the first group, <code>${name}</code> a
   *     named one, and a backslash takes what follows literally. Empty: a tensor whose whole name
   *     matches is dropped, other matches are cut out
   */
  public record Rule(String pattern, String replacement) {
    /**
     * Checks both.
     *
     * @param pattern what to look for
     * @param replacement what to put there
     * @throws InvalidInputException if the expression is wrong, or the replacement names a group
     *     that it does not have
     */
    public Rule {
      Require.present("pattern", pattern);
      Require.present("replacement", replacement);
      Renaming unused = Renaming.of(pattern, replacement);
    }
  }

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
   * @param lines {@code regular-expression -> replacement}, or {@code regular-expression ->} to
   *     drop tensors; empty lines and lines that begin with {@code #} are skipped
   * @return the rules, at most 10,000
   * @throws InvalidInputException if a line has no arrow or its expression is wrong; the message
   *     has the line's number
   */
  public static RenameRules parse(List<String> lines) {
    return RenameParser.parse(lines);
  }
}
