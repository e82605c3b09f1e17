package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command lines that the documentation shows have commands and flags that there are. */
class DocumentedCommandsTest {
  private static final String START = "resnet-ensembles ";

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/guide.md", "docs/command-line.md"})
  void commandLinesAreUnderstood(String document) throws IOException {
    List<String> lines =
        Files.readString(Path.of("..").resolve(document), UTF_8)
            .replaceAll("java -jar \\S*resnet-ensembles\\.jar", START.strip())
            .lines()
            .flatMap(line -> Arrays.stream(line.split(" && ", -1)))
            .filter(line -> line.startsWith(START))
            .toList();

    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      CommandLine commands =
          Main.commandLine(
              new Streams(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
      assertThatCode(() -> commands.parseArgs(line.substring(START.length()).split(" ", -1)))
          .as(line)
          .doesNotThrowAnyException();
    }
  }
}
