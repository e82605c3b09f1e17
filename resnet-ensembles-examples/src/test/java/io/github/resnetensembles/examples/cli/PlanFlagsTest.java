package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.PlannedLesion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What plan the lesion flags make; {@code --save-plan} shows it without running it. */
class PlanFlagsTest {
  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --delete 3,7 | delete{3,7}
          --delete 7,3 | delete{3,7}
          --delete 2..4,9 | delete{2,3,4,9}
          --delete-skip 3 | deleteSkip{3}
          --duplicate 5 | duplicate{5}
          --swap 5-6,8-9 | swap{5-6,8-9}
          --scale 5=0.5 | scale{5=0.5}
          --scale 5=0.5,6=-2 | scale{5=0.5} then scale{6=-2.0}
          --keep-only 2,5 | keepOnly{2,5}
          --keep-only none | keepOnly{}
          --swap 5-6 --duplicate 5 | swap{5-6} then duplicate{5}
          --scale 5=2 --delete 3 --scale 6=3 --delete-skip 2 --delete 4 | scale{5=2.0} then delete{3} then scale{6=3.0} then deleteSkip{2} then delete{4}
          """)
  void flagsMakeOneLesionInTheirOrder(String flags, String lesion) {
    assertThat(lesions(flags)).containsExactly(lesion);
  }

  @Test
  void anOrderComesFromAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("order.json"), "[1, 3, 2, 4, 5, 6, 7, 9, 8]");

    assertThat(lesions("--delete 2 --order " + file))
        .containsExactly("delete{2} then order{1,3,2,4,5,6,7,9,8}");
  }

  @Test
  void eachSkipConnectionIsDeletedInTurn() {
    assertThat(lesions("--delete-skip each"))
        .hasSize(9)
        .startsWith("deleteSkip{1}", "deleteSkip{2}")
        .endsWith("deleteSkip{9}");
  }

  @Test
  void eachBlockIsDeletedInTurn() {
    assertThat(lesions("--delete each"))
        .hasSize(9)
        .startsWith("delete{1}", "delete{2}")
        .endsWith("delete{9}");
  }

  @Test
  void excludedBlocksAreLeftAlone() {
    LesionPlan plan = plan("--delete each --exclude published");

    assertThat(plan.excluded()).containsExactly(1, 4, 7);
    assertThat(texts(plan)).hasSize(6).doesNotContain("delete{1}", "delete{4}", "delete{7}");
  }

  @Test
  void pairsAndSubsetsAreAllOfThem() {
    assertThat(lesions("--delete pairs")).hasSize(36).contains("delete{2,7}");
    assertThat(lesions("--delete subsets")).hasSize(512).startsWith("intact");
  }

  @Test
  void aSweepStandsBetweenTheFlagsAroundIt() {
    LesionPlan plan = plan("--scale 5=0.5 --delete each --delete-skip 3");

    assertThat(texts(plan)).hasSize(9).startsWith("scale{5=0.5} then delete{1} then deleteSkip{3}");
    assertThat(plan.description()).endsWith(", before it scale{5=0.5}, after it deleteSkip{3}");
  }

  /** Rows stand in the order of the flags; one range serves all sweeps that it belongs to. */
  @Test
  void sweepsAreJoined() {
    LesionPlan plan =
        plan(
            "--scale 5=0.5 --delete random --delete each --swap random --duplicate random"
                + " --k 2..3 --pairs 1 --draws 2 --seed 7 --exclude 3 --delete-skip 1");

    assertThat(plan.rows()).hasSize(4 + 8 + 2 + 4);
    assertThat(plan.rows())
        .extracting(row -> row.plan().getAsInt())
        .containsExactly(1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 4, 4);
    assertThat(plan.rows())
        .allMatch(row -> row.lesion().toString().startsWith("scale{5=0.5} then "))
        .allMatch(row -> row.lesion().toString().endsWith(" then deleteSkip{1}"));
    assertThat(texts(plan).get(4)).isEqualTo("scale{5=0.5} then delete{1} then deleteSkip{1}");
    assertThat(plan.excluded()).containsExactly(3);
    assertThat(plan("--delete random --k 2..3 --draws 2 --seed 7").rows())
        .extracting(row -> row.lesion().toString())
        .isEqualTo(
            texts(plan("--delete random --delete each --k 2..3 --draws 2 --seed 7")).subList(0, 4));
  }

  /** A saved plan knows its parts, and a shard of it too. */
  @Test
  void joinedPlansAreSavedAndSharded() {
    LesionPlan shard = plan("--delete each --delete random --k 1 --draws 3 --shard 2/4");

    assertThat(shard.rows()).extracting(row -> row.plan().getAsInt()).containsExactly(1, 1, 2);
  }

  @Test
  void drawsKeepTheirNumbersBetweenOtherLesions() {
    LesionPlan bare = plan("--delete random --k 2..3 --draws 4 --seed 7");
    LesionPlan scaled = plan("--scale 5=0.5 --delete random --k 2..3 --draws 4 --seed 7");

    assertThat(bare.rows()).hasSize(8);
    for (int i = 0; i < 8; i++) {
      PlannedLesion row = scaled.rows().get(i);
      assertThat(row.lesion()).hasToString("scale{5=0.5} then " + bare.rows().get(i).lesion());
      assertThat(row.k()).hasValue(2 + i / 4);
      assertThat(row.draw()).hasValue(1 + i % 4);
    }
  }

  @Test
  void theSeedMakesTheDraws() {
    String flags = "--delete random --k 4 --draws 3";

    assertThat(lesions(flags + " --seed 1")).isEqualTo(lesions(flags + " --seed 1"));
    assertThat(lesions(flags + " --seed 1")).isNotEqualTo(lesions(flags + " --seed 2"));
  }

  @Test
  void randomSwapsAndDuplicatesAreDrawn() {
    assertThat(plan("--swap random --pairs 1..3 --draws 2").rows())
        .hasSize(6)
        .allSatisfy(row -> assertThat(row.lesion().toString()).startsWith("swap{"));
    assertThat(plan("--duplicate random --k 1..3 --draws 2").rows())
        .hasSize(6)
        .allSatisfy(row -> assertThat(row.lesion().toString()).startsWith("duplicate{"));
  }

  @Test
  void aShardIsAShareOfTheRows() {
    assertThat(lesions("--delete each --shard 2/4")).containsExactly("delete{2}", "delete{6}");
  }

  private List<String> lesions(String flags) {
    return texts(plan(flags));
  }

  private static List<String> texts(LesionPlan plan) {
    return plan.rows().stream().map(row -> row.lesion().toString()).toList();
  }

  private LesionPlan plan(String flags) {
    Path file = folder.resolve("plan.json");
    List<String> args = new ArrayList<>(List.of("lesion", "--arch", "resnet-20"));
    args.addAll(Arrays.asList(flags.split(" ", -1)));
    args.addAll(List.of("--save-plan", file.toString()));

    CommandRun run = CommandRun.of(args.toArray(String[]::new));

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    LesionPlan plan = InputFiles.plan(file);
    assertThat(run.out())
        .isEqualTo(
            "plan of "
                + plan.rows().size()
                + " lesions: "
                + plan.description()
                + System.lineSeparator());
    return plan;
  }
}
