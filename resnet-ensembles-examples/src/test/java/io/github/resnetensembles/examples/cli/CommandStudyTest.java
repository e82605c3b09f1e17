package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandStudyTest {
  @TempDir private Path folder;

  private List<String> command(String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("lesion", "--weights", "pretrained:preresnet-20", "--data", "builtin"));
    command.addAll(List.of("--limit", "20", "--batch", "10", "--delete", "each"));
    command.addAll(List.of("--store", folder.resolve("store").toString(), "--threads", "1"));
    command.addAll(List.of(more));
    return command;
  }

  @Test
  void cutsTheSameStudyEachTime() {
    try (CommandStudy one = CommandStudy.open(command("--max-cost", "450"));
        CommandStudy other = CommandStudy.open(command("--max-cost", "450", "--json", "x.json"))) {
      assertThat(one.studies())
          .singleElement()
          .satisfies(study -> assertThat(study.tasks()).hasSize(2));
      assertThat(one.studies().get(0).tasks().get(1).key())
          .isEqualTo(other.studies().get(0).tasks().get(1).key());
    }
  }

  @Test
  void namesFilesWhereTheyAre() {
    List<String> command =
        List.of("lesion", "--weights=w.pth", "--data", "d.bin", "--plan", "p.json", "--store", "s");

    assertThat(CommandStudy.located(command, file -> Path.of("there").resolve(file)))
        .containsExactly(
            "lesion",
            "--weights=" + Path.of("there", "w.pth"),
            "--data",
            Path.of("there", "d.bin").toString(),
            "--plan",
            Path.of("there", "p.json").toString(),
            "--store",
            "s");
  }

  @Test
  void leavesOutWhatIsWrittenAndWhatIsNoFile() {
    assertThat(CommandStudy.located(command("--json", "r.json"), file -> Path.of("elsewhere")))
        .isEqualTo(command());
  }

  @Test
  void refusesOtherCommands() {
    assertThatThrownBy(() -> CommandStudy.open(List.of("info")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the command has to be lesion, gradients, shapley or study, with its flags");
    assertThatThrownBy(() -> CommandStudy.open(List.of("lesion", "--nonsense")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--nonsense");
  }
}
