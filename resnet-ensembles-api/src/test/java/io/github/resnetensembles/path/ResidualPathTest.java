package io.github.resnetensembles.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.InvalidPathException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResidualPathTest {
  @Test
  void isWrittenInBraces() {
    assertThat(ResidualPath.of(9, 1, 5)).hasToString("{1,5,9}");
    assertThat(ResidualPath.of()).hasToString("{}");
    assertThat(ResidualPath.parse("{1,5,9}")).isEqualTo(ResidualPath.of(1, 5, 9));
    assertThat(ResidualPath.parse(" { 1 , 5 ,9 } ")).isEqualTo(ResidualPath.of(1, 5, 9));
    assertThat(ResidualPath.parse("{ }")).isEqualTo(ResidualPath.of());
  }

  @Test
  void isAnArrayInJson() {
    assertThat(ResidualPath.of(1, 5, 200).toJson()).isEqualTo("[1,5,200]");
    assertThat(ResidualPath.of().toJson()).isEqualTo("[]");
    assertThat(ResidualPath.fromJson("[200, 1, 5]")).isEqualTo(ResidualPath.of(1, 5, 200));
    assertThat(ResidualPath.fromJson("[]")).isEqualTo(ResidualPath.of());
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,5 | a path is written like {1,5,9}, got '1,5'
          {1,,5} | a path is written like {1,5,9}, got '{1,,5}'
          {1 5} | a path is written like {1,5,9}, got '{1 5}'
          {-1} | a path is written like {1,5,9}, got '{-1}'
          {0} | a path has blocks from 1 to 10000, got 0
          {10001} | a path has blocks from 1 to 10000, got 10001
          {3,3} | a path has every block at most once, got 3 twice
          """)
  void refusesOtherTexts(String text, String message) {
    assertThatThrownBy(() -> ResidualPath.parse(text))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage(message);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {} | the path must be an array
          [1.5] | the path[0] must be an integer, got 1.5
          ["1"] | the path[0] must be an integer, got "1"
          [2,0] | the path: a path has blocks from 1 to 10000, got 0
          """)
  void refusesOtherJson(String json, String message) {
    assertThatThrownBy(() -> ResidualPath.fromJson(json))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage(message);
  }

  @Test
  void masks() {
    assertThat(ResidualPath.of(1, 3, 63).mask()).isEqualTo(1L | 4 | 1L << 62);
    assertThat(ResidualPath.ofMask(5)).isEqualTo(ResidualPath.of(1, 3));
    assertThat(ResidualPath.ofMask(Long.MAX_VALUE).length()).isEqualTo(63);
    for (int block : List.of(64, 65, 10_000)) {
      assertThatThrownBy(() -> ResidualPath.of(1, block).mask())
          .isInstanceOf(InvalidPathException.class)
          .hasMessage("a mask has bits for blocks 1 to 63, but block " + block + " is on the path");
    }
    assertThatThrownBy(() -> ResidualPath.ofMask(-1))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("a mask has bits for blocks 1 to 63 and is not negative, got -1");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void hasTheOperationsOfSets(long seed) {
    Random random = new Random(seed);
    int blocks = seed % 2 == 0 ? 10 : 200;
    Set<Integer> first = subset(random, blocks);
    Set<Integer> second = subset(random, blocks);
    ResidualPath a = ResidualPath.of(first);
    ResidualPath b = ResidualPath.of(second);

    assertThat(a.blocks()).isEqualTo(first);
    assertThat(a.length()).isEqualTo(first.size());
    assertThat(a.union(b).blocks()).isEqualTo(with(first, set -> set.addAll(second)));
    assertThat(a.intersection(b).blocks()).isEqualTo(with(first, set -> set.retainAll(second)));
    assertThat(a.minus(b).blocks()).isEqualTo(with(first, set -> set.removeAll(second)));
    assertThat(a.symmetricDifference(b)).isEqualTo(a.union(b).minus(a.intersection(b)));
    assertThat(a.containsAll(b)).isEqualTo(first.containsAll(second));
    assertThat(a.union(b).containsAll(b)).isTrue();
    assertThat(a.complement(blocks).union(a).length()).isEqualTo(blocks);
    assertThat(a.complement(blocks).intersection(a)).isEqualTo(ResidualPath.of());
    for (int block = -1; block <= 300; block++) {
      assertThat(a.contains(block)).isEqualTo(first.contains(block));
    }
    assertThat(ResidualPath.parse(a.toString())).isEqualTo(a).hasSameHashCodeAs(a);
    assertThat(ResidualPath.fromJson(a.toJson())).isEqualTo(a);
    assertThat(a.equals(b)).isEqualTo(first.equals(second));
  }

  private static Set<Integer> subset(Random random, int blocks) {
    Set<Integer> set = new TreeSet<>();
    for (int block = 1; block <= blocks; block++) {
      if (random.nextBoolean()) {
        set.add(block);
      }
    }
    return set;
  }

  private static Set<Integer> with(Set<Integer> set, java.util.function.Consumer<Set<Integer>> op) {
    Set<Integer> copy = new TreeSet<>(set);
    op.accept(copy);
    return copy;
  }

  @Test
  void complementNeedsTheWholeNetwork() {
    assertThat(ResidualPath.of(2).complement(3)).isEqualTo(ResidualPath.of(1, 3));
    assertThatThrownBy(() -> ResidualPath.of(2, 70).complement(69))
        .isInstanceOf(InvalidPathException.class)
        .hasMessage("a network that has the path {2,70} has 70 to 10000 blocks, got 69");
  }

  @Test
  void ordersDiffer() {
    ResidualPath one = ResidualPath.of(64);
    ResidualPath two = ResidualPath.of(1, 2);
    ResidualPath three = ResidualPath.of(1, 65);

    assertThat(java.util.stream.Stream.of(three, one, two).sorted(PathOrder.NUMERICAL))
        .containsExactly(two, one, three);
    assertThat(java.util.stream.Stream.of(three, one, two).sorted(PathOrder.BY_LENGTH))
        .containsExactly(one, two, three);
  }
}
