package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.examples.ShownText;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Command lines for people to copy. */
final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

  private CommandText() {}

  /** The program and the words, quoted where a shell would take them apart. */
  static String line(List<List<String>> words) {
    return line(System.getProperty("java.class.path", ""), words);
  }

  /** The same of a program with that class path: of a runnable jar, so that it runs anywhere. */
  static String line(String classPath, List<List<String>> words) {
    boolean jar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
    String program =
        jar
            ? "java -jar " + quoted(Path.of(classPath).toAbsolutePath().normalize().toString())
            : "resnet-ensembles";
    return words.stream()
        .flatMap(List::stream)
        .map(CommandText::quoted)
        .collect(Collectors.joining(" ", program + " ", ""));
  }

  private static String quoted(String word) {
    if (PLAIN.matcher(word).matches()) {
      return word;
    }
    return ShownText.isShown(word) ? "'" + word.replace("'", "'\\''") + "'" : escaped(word);
  }

  /** As Bash and Zsh read it: {@code $'a\u202eb'}. */
  private static String escaped(String word) {
    StringBuilder text = new StringBuilder("$'");
    word.codePoints()
        .forEach(
            c -> {
              if (c == '\'' || c == '\\') {
                text.append('\\').appendCodePoint(c);
              } else if (ShownText.isShown(c)) {
                text.appendCodePoint(c);
              } else {
                text.append(String.format(Locale.ROOT, c > 0xffff ? "\\U%08x" : "\\u%04x", c));
              }
            });
    return text.append("'").toString();
  }
}
