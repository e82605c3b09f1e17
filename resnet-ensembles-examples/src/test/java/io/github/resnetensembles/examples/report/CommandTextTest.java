package io.github.resnetensembles.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name of a file can be anything, and a command line is one line to copy. */
class CommandTextTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "net.pt, net.pt",
        "my net.pt, 'my net.pt'",
        "it's, 'it'\\''s'",
        "学习 1, '学习 1'",
        "a\u001b[2J'b, $'a\\u001b[2J\\'b'",
        "\"a\nb\", $'a\\u000ab'",
        "a\\\u202eb, $'a\\\\\\u202eb'",
        "a\uDB40\uDC01b, $'a\\U000e0001b'"
      })
  void wordsAreQuotedAsShellsReadThem(String word, String quoted) {
    assertThat(CommandText.line("classes", List.of(List.of("predict"), List.of(word))))
        .isEqualTo("resnet-ensembles predict " + quoted);
  }

  @Test
  void aProgramInAJarIsNamedSoThatItRunsFromAnyFolder() {
    List<List<String>> words = List.of(List.of("info"));
    Path jar = Path.of("my target", "resnet-ensembles.jar");

    assertThat(CommandText.line(jar.toString(), words))
        .isEqualTo("java -jar '" + jar.toAbsolutePath() + "' info");
    assertThat(CommandText.line(jar + File.pathSeparator + "b.jar", words))
        .isEqualTo("resnet-ensembles info");
  }
}
