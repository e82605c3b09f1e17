package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BranchSource;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LesionTest {
  private static final Architecture RESNET = Architecture.resnet(20);
  private static final Architecture PLAIN = Architecture.plain(20);
  private static final ReferenceSet REFERENCE = new ReferenceSet("0".repeat(64), 5, 10);

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(Lesion.intact(), "intact"),
        Arguments.of(Lesion.delete(7, 3), "delete{3,7}"),
        Arguments.of(Lesion.deleteSkip(3), "deleteSkip{3}"),
        Arguments.of(Lesion.scale(5, 0.5), "scale{5=0.5}"),
        Arguments.of(Lesion.duplicate(5), "duplicate{5}"),
        Arguments.of(
            new Lesion.Swap(List.of(new Lesion.Pair(5, 6), new Lesion.Pair(8, 9))),
            "swap{5-6,8-9}"),
        Arguments.of(Lesion.order(3, 2, 1, 4, 5, 6, 7, 8, 9), "order{3,2,1,4,5,6,7,8,9}"),
        Arguments.of(Lesion.keepOnly(2, 5), "keepOnly{2,5}"),
        Arguments.of(Lesion.keepOnly(), "keepOnly{}"),
        Arguments.of(Lesion.mean(REFERENCE, 3), "mean{3}"),
        Arguments.of(Lesion.resample(REFERENCE, 9, 3), "resample{3}"),
        Arguments.of(
            Lesion.swap(2, 3).then(Lesion.delete(4)).then(Lesion.scale(2, 2)),
            "swap{2-3} then delete{4} then scale{2=2.0}"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void printsAndGoesThroughJson(Lesion lesion, String text) {
    assertThat(lesion).hasToString(text);
    Lesion read = Lesion.fromJson(lesion.toJson());
    assertThat(read).isEqualTo(lesion).hasSameHashCodeAs(lesion);
    assertThat(read.applyTo(RESNET)).isEqualTo(lesion.applyTo(RESNET));
  }

  @Test
  void intactWirings() {
    assertThat(Wiring.intact(RESNET).steps())
        .hasSize(9)
        .startsWith(new Step(1, 1, 1, BranchSource.own()));
    assertThat(Wiring.intact(PLAIN).steps()).startsWith(new Step(1, 0, 1, BranchSource.own()));
    Architecture dropped =
        RESNET.toBuilder().gains(List.of(1.0, .9, .9, .9, .9, .9, .9, .9, .5)).build();
    assertThat(Wiring.intact(dropped).steps()).endsWith(new Step(9, 1, .5, BranchSource.own()));
    assertThat(Wiring.intact(RESNET).blockEvaluations()).isEqualTo(9);
  }

  @Test
  void deletions() {
    assertThat(step(Lesion.delete(3), RESNET, 3)).isEqualTo(new Step(3, 1, 0, BranchSource.own()));
    assertThat(step(Lesion.delete(3), PLAIN, 3)).isEqualTo(new Step(3, 1, 0, BranchSource.own()));
    assertThat(step(Lesion.deleteSkip(3), RESNET, 3))
        .isEqualTo(new Step(3, 0, 1, BranchSource.own()));
    assertThat(Lesion.delete(3, 4).applyTo(RESNET).blockEvaluations()).isEqualTo(7);
  }

  @Test
  void gainsMultiply() {
    Lesion twice = Lesion.scale(3, 0.5).then(Lesion.scale(3, 3));
    assertThat(step(twice, RESNET, 3)).isEqualTo(new Step(3, 1, 1.5, BranchSource.own()));
    assertThat(step(twice.then(Lesion.delete(3)), RESNET, 3).branchGain()).isZero();
    assertThat(step(Lesion.mean(REFERENCE, 3).then(Lesion.scale(3, 2)), RESNET, 3))
        .isEqualTo(new Step(3, 1, 2, new BranchSource.Mean(REFERENCE)));
  }

  @Test
  void onePath() {
    Wiring wiring = Lesion.keepOnly(2, 5).applyTo(RESNET);
    assertThat(wiring.steps().get(1)).isEqualTo(new Step(2, 0, 1, BranchSource.own()));
    assertThat(wiring.steps().get(2)).isEqualTo(new Step(3, 1, 0, BranchSource.own()));
    assertThat(wiring.blockEvaluations()).isEqualTo(2);
  }

  @Test
  void reorderings() {
    assertThat(Lesion.swap(2, 3).applyTo(RESNET).order())
        .containsExactly(1, 3, 2, 4, 5, 6, 7, 8, 9);
    Lesion chain = new Lesion.Swap(List.of(new Lesion.Pair(1, 2), new Lesion.Pair(2, 3)));
    assertThat(chain.applyTo(RESNET).order()).startsWith(3, 1, 2);
    assertThat(Lesion.order(3, 2, 1, 4, 6, 5, 7, 8, 9).applyTo(RESNET).order())
        .containsExactly(3, 2, 1, 4, 6, 5, 7, 8, 9);
  }

  @Test
  void lesionsNameBlocksNotPlaces() {
    Wiring wiring =
        Lesion.swap(5, 6).then(Lesion.duplicate(5)).then(Lesion.delete(5)).applyTo(RESNET);
    assertThat(wiring.order()).containsExactly(1, 2, 3, 4, 6, 5, 5, 7, 8, 9);
    assertThat(wiring.steps().stream().filter(s -> s.branchGain() == 0).map(Step::block))
        .containsExactly(5, 5);
  }

  @Test
  void composition() {
    assertThat(Lesion.intact().then(Lesion.delete(1))).isEqualTo(Lesion.delete(1));
    assertThat(Lesion.delete(1).then(Lesion.intact())).isEqualTo(Lesion.delete(1));
    Lesion a = Lesion.delete(1);
    Lesion b = Lesion.duplicate(2);
    Lesion c = Lesion.scale(3, 2);
    assertThat(a.then(b).then(c)).isEqualTo(a.then(b.then(c)));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            RESNET, Lesion.delete(10), "there is no block 10: resnet-20 has the blocks 1 to 9"),
        Arguments.of(RESNET, Lesion.keepOnly(10), "there is no block 10"),
        Arguments.of(RESNET, Lesion.mean(REFERENCE, 99), "there is no block 99"),
        Arguments.of(
            RESNET,
            Lesion.swap(2, 5),
            "cannot swap blocks 2-5: block 2 works on (16, 32, 32), block 5 on (32, 16, 16)"),
        Arguments.of(
            RESNET,
            Lesion.swap(4, 5),
            "cannot swap blocks 4-5: block 4 maps (16, 32, 32) to (32, 16, 16) and must stay in its"
                + " place"),
        Arguments.of(
            RESNET,
            Lesion.duplicate(4),
            "block 4 cannot be duplicated: it maps (16, 32, 32) to (32, 16, 16)"),
        Arguments.of(
            RESNET,
            Lesion.duplicate(5).then(Lesion.swap(5, 6)),
            "swap{5-6} comes after a duplication, where a block's place is not unique; put it"
                + " first"),
        Arguments.of(RESNET, Lesion.order(1, 2, 3), "the order lists 3 blocks but resnet-20 has 9"),
        Arguments.of(
            RESNET,
            Lesion.order(1, 2, 4, 3, 5, 6, 7, 8, 9),
            "block 3 takes (16, 32, 32) and cannot be step 4, where the features have the shape"
                + " (32, 16, 16)"),
        Arguments.of(
            PLAIN, Lesion.deleteSkip(3), "block 3 is plain: it has no skip connection to delete"),
        Arguments.of(
            PLAIN,
            Lesion.keepOnly(1, 2, 3, 4, 5, 6, 7, 8),
            "block 9 is plain: every path goes through its branch, so the path must list it"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesAndSaysWhy(Architecture architecture, Lesion lesion, String message) {
    assertThatThrownBy(() -> lesion.applyTo(architecture))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> Lesion.delete())
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage("a lesion needs at least one block");
    assertThatThrownBy(() -> Lesion.delete(0)).hasMessage("blocks are numbered from 1, got 0");
    assertThatThrownBy(() -> Lesion.swap(3, 3))
        .hasMessage("a swap needs two different blocks, got 3 twice");
    assertThatThrownBy(() -> Lesion.scale(3, Double.NaN))
        .hasMessage("the factor of block 3 must be finite, got NaN");
    assertThatThrownBy(() -> Lesion.order(1, 1, 2))
        .hasMessage(
            "an order lists every block from 1 to the number of blocks once, got [1, 1, 2]");
    assertThatThrownBy(() -> new ReferenceSet("abc", 0, 1))
        .hasMessageContaining("64 lower-case hex digits, got 'abc'");
  }

  @Test
  void badJson() {
    assertThatThrownBy(() -> Lesion.fromJson("[{\"kind\":\"erase\",\"blocks\":[1]}]"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("the lesion[0].kind must be one of delete,");
    assertThatThrownBy(() -> Lesion.fromJson("[{\"kind\":\"delete\",\"blocks\":[1.5]}]"))
        .hasMessage("the lesion[0].blocks[0] must be an integer, got 1.5");
    assertThatThrownBy(() -> Lesion.fromJson("[{\"kind\":\"delete\",\"blocks\":[]}]"))
        .hasMessage("the lesion[0]: a lesion needs at least one block");
  }

  private static Step step(Lesion lesion, Architecture architecture, int block) {
    return lesion.applyTo(architecture).steps().get(block - 1);
  }
}
