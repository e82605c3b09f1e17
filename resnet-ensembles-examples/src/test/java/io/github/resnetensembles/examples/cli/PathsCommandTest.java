package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathsCommandTest {
  @TempDir Path folder;

  @Test
  void theNumbersOfThePaper() throws IOException {
    Path json = folder.resolve("paths.json");
    CommandRun run =
        CommandRun.words("paths --blocks 54 --between 5..17 --deleted 10 --json " + json);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("blocks: 54\npaths: 18014398509481984\n")
        .contains("length: mean 27.0000, standard deviation 3.67423, 95 % from 20 to 34\n")
        .contains("lengths 5 to 17: share 0.00453667\n")
        .contains("length    27  share 0.108077  left after 10 deletions 0.000353\n");
    JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertThat(result.get("count").getAsString()).isEqualTo("18014398509481984");
    assertThat(result.get("share").getAsDouble()).isCloseTo(0.0045367, within(5e-8));
    assertThat(result.getAsJsonArray("lengths")).hasSize(55);
    JsonObject eleven = result.getAsJsonArray("lengths").get(11).getAsJsonObject();
    assertThat(eleven.get("length").getAsInt()).isEqualTo(11);
    assertThat(eleven.get("count").getAsString()).isEqualTo("95722852680");
    assertThat(eleven.get("probability").getAsDouble())
        .isEqualTo(95722852680.0 / 18014398509481984.0);
    assertThat(eleven.get("left").getAsDouble()).isCloseTo(0.0801, within(5e-5));
    assertThat(result.getAsJsonObject("provenance").get("libraryVersion").getAsString())
        .isEqualTo(VersionProvider.version());
  }

  @Test
  void tenThousandBlocks() throws IOException {
    Path json = folder.resolve("paths.json");
    CommandRun run = CommandRun.words("paths --blocks 10000 --json " + json);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("paths: 1995063116... (3011 digits)\n", "mean 5000.00,");
    JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertThat(result.get("count").getAsString())
        .isEqualTo(BigInteger.ONE.shiftLeft(10_000).toString());
    JsonObject none = result.getAsJsonArray("lengths").get(0).getAsJsonObject();
    assertThat(none.get("probability").getAsDouble()).isZero();
    assertThat(none.get("logProbability").getAsDouble())
        .isCloseTo(-10_000 * Math.log(2), within(1e-9));
  }

  @Test
  void pathsOfAnArchitecture() throws IOException {
    Path csv = folder.resolve("paths.csv");
    CommandRun run = CommandRun.words("paths --arch plain-20 --csv " + csv);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readAllLines(csv))
        .isEqualTo(List.of("length,count,probability,logProbability", "9,1,1.0,0.0"));
    assertThat(CommandRun.words("paths --arch resnet-20").out()).contains("paths: 512\n");
  }

  @Test
  void picturesAndTables() throws IOException {
    for (String ending : List.of("png", "svg")) {
      Path plot = folder.resolve("paths." + ending);
      CommandRun run = CommandRun.words("paths --blocks 54 --deleted 10 --plot " + plot);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(plot).isNotEmptyFile();
    }
    assertThat(folder.resolve("paths.svg")).content(UTF_8).contains("<svg");
    Path csv = folder.resolve("paths.csv");
    CommandRun run = CommandRun.words("paths --blocks 3 --deleted 1 --csv " + csv);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(csv)
        .content()
        .startsWith("length,count,probability,logProbability,left\n0,1,0.125,")
        .endsWith(",0.0\n")
        .hasLineCount(5);
  }
}
