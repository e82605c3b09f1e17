package io.github.resnetensembles.examples.report;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Command lines for people to copy. */
final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

  private CommandText() {}

  /** The program's name and the words, quoted where a shell would take them apart. */
  static String line(List<List<String>> words) {
    return words.stream()
        .flatMap(List::stream)
        .map(CommandText::quoted)
        .collect(Collectors.joining(" ", "resnet-ensembles ", ""));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
