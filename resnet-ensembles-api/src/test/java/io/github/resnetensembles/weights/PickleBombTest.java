package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.RunInterruptedException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small files that ask for much: they are refused, or read, in little time and memory. */
@Timeout(180)
class PickleBombTest {
  private static final long MOST_BYTES = 512L << 20;

  @TempDir Path dir;

  private static PickleBytes begin() {
    return PickleBytes.protocol(4).op('}').text("x");
  }

  @CanIgnoreReturnValue
  private static PickleBytes repeat(PickleBytes pickle, int times, IntFunction<PickleBytes> part) {
    for (int i = 0; i < times; i++) {
      pickle.raw(part.apply(i).bytes());
    }
    return pickle;
  }

  private static PickleBytes fresh() {
    return new PickleBytes();
  }

  /** One list of pairs, from which a dictionary is made again and again. */
  private static PickleBytes copiedLists(int pairs, int copies) {
    PickleBytes pickle = begin().op('(').op(']').op('q').raw(1).op('(');
    repeat(pickle, pairs, i -> fresh().text("k" + i).op('N').raw(0x86)).op('e');
    pickle.global("collections", "OrderedDict").op('q').raw(2);
    repeat(pickle, copies, i -> fresh().op('h').raw(2).op('h').raw(1).raw(0x85).op('R'));
    return pickle.op('t').op('s');
  }

  /** Dictionaries of two entries, both the one before. */
  private static PickleBytes shared(int depth) {
    PickleBytes pickle = PickleBytes.protocol(4).op('}').op('q').raw(0).text("x").op('(');
    pickle.op('}').op('q').raw(1);
    repeat(
        pickle,
        depth,
        i ->
            fresh()
                .op('}')
                .op('q')
                .raw(i + 2)
                .text("a")
                .op('h')
                .raw(i + 1)
                .op('s')
                .text("b")
                .op('h')
                .raw(i + 1)
                .op('s'));
    pickle.op('t').op('s').text("y").op('h').raw(depth + 1).op('s');
    return pickle.text("itself").op('h').raw(0).op('s');
  }

  private static String sameHash(int number) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < 16; bit++) {
      text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return text.toString();
  }

  /** Keys of two kinds whose hashes in Java are all the same. */
  private static PickleBytes mixedKeys() {
    int hash = sameHash(0).hashCode();
    return repeat(
            begin().op('}'),
            1 << 16,
            i -> {
              long upper = Integer.toUnsignedLong(i);
              byte[] number =
                  BigInteger.valueOf(upper << 32 | Integer.toUnsignedLong((int) upper ^ hash))
                      .toByteArray();
              PickleBytes pair = fresh().text(sameHash(i)).op('N').op('s').raw(0x8a, number.length);
              for (int b = number.length - 1; b >= 0; b--) {
                pair.raw(number[b] & 0xff);
              }
              return pair.op('N').op('s');
            })
        .op('s');
  }

  static Stream<Arguments> bombs() {
    return Stream.of(
        Arguments.of("lists copied", copiedLists(5000, 30_000), "refused as a decompression bomb"),
        Arguments.of("short lists copied", copiedLists(20, 100_000), "refused as a decompression"),
        Arguments.of(
            "dictionaries",
            repeat(
                    begin().op(']'),
                    64,
                    i -> repeat(fresh().op('('), 1 << 16, j -> fresh().op('}')).op('e'))
                .op('s'),
            "refused as a decompression bomb"),
        Arguments.of(
            "memo",
            repeat(begin(), 1 << 21, i -> fresh().raw(0x94)).op('N').op('s'),
            "refused as a decompression bomb"),
        Arguments.of(
            "long key",
            repeat(
                begin().op('(').text("k".repeat(100_000)).op('q').raw(1).op('t').op('s'),
                300_000,
                i -> fresh().op('h').raw(1).op('N').op('s')),
            "steps that a file of this size may need"),
        Arguments.of(
            "long shape",
            PickleBytes.protocol(4)
                .op('}')
                .text("conv1.weight")
                .tensor(
                    "FloatStorage",
                    "0",
                    1,
                    0,
                    Collections.nCopies(1 << 16, 1),
                    Collections.nCopies(1 << 16, 1))
                .op('s'),
            "tensor 'conv1.weight' has 65536 dimensions; at most 8 are read"),
        Arguments.of("shared dictionaries", shared(200), "no dictionary of tensors at any depth"),
        Arguments.of("keys of one hash", mixedKeys(), "no dictionary of tensors at any depth"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void bombsAreRefusedSoon(String name, PickleBytes object, String part) throws Exception {
    boolean stores = name.equals("long shape");
    byte[] content =
        WeightFiles.legacy(object.stop(), 4, stores ? List.of(new byte[4]) : List.of());
    Path file = Files.write(dir.resolve("bomb"), content);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> Weights.of(file))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining(part);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
  }

  @Test
  void readingCanBeInterrupted() throws Exception {
    for (byte[] content :
        List.of(
            WeightFiles.legacy(WeightFiles.torchNamed()),
            WeightFiles.zip(WeightFiles.torchNamed(), ByteOrder.LITTLE_ENDIAN, false),
            WeightFiles.safetensors(WeightFiles.torchNamed()))) {
      Path file = Files.write(dir.resolve("net"), content);
      Thread.currentThread().interrupt();
      try {
        assertThatThrownBy(() -> Weights.of(file))
            .isInstanceOf(RunInterruptedException.class)
            .hasMessage("interrupted while a weight file was read");
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(Weights.of(file).architecture()).isEqualTo(WeightFiles.TINY);
    }
  }

  /** The checkpoint of a training that was interrupted is not lost. */
  @Test
  void anInterruptedThreadWritesButDoesNotRead() {
    Path file = dir.resolve("checkpoint");
    Thread.currentThread().interrupt();
    try {
      new WeightFile(WeightFiles.TINY_WEIGHTS, Map.of("place", "7"), Map.of()).write(file);
      assertThatThrownBy(() -> WeightFile.read(file)).isInstanceOf(RunInterruptedException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(WeightFile.read(file).texts()).isEqualTo(Map.of("place", "7"));
  }

  /** Engines that backtrack would need longer than the universe has been there. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void rulesTakeTimeInProportionToTheName() {
    String name = "layer1.0.conv1.weight.".repeat(10);
    assertThat(Renaming.of("(([a-z0-9.]+)+)+!$", "x").apply(name)).isEqualTo(name);
  }

  @Test
  void longWorkLooksForAnInterruption() {
    ReadBudget budget = new ReadBudget(1 << 20);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1 << 17; i++) {
                  budget.step(1);
                }
              })
          .isInstanceOf(RunInterruptedException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
