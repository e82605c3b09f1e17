package io.github.resnetensembles.path;

import com.google.common.collect.ImmutableSortedSet;
import com.google.gson.JsonElement;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.JsonMapping;
import io.github.resnetensembles.internal.io.JsonNode;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SortedSet;
import java.util.function.LongBinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A path as bits: block i is bit (i-1) % 64 of word (i-1) / 64. */
final class BlockSet implements ResidualPath {
  private static final Pattern FORM =
      Pattern.compile("\\{\\s*(\\d{1,9}\\s*(?:,\\s*\\d{1,9}\\s*)*)?}");
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
  private static final long[] NONE = {};

  /** The first 64 blocks, apart from the rest so that a short network's path is one object. */
  private final long low;

  /** The other words, the last one not 0. */
  private final long[] high;

  private BlockSet(long low, long[] high) {
    this.low = low;
    this.high = high;
  }

  static ResidualPath of(int... blocks) {
    BitSet bits = new BitSet();
    for (int block : blocks) {
      if (block < 1 || block > PathEnumerator.MAX_BLOCKS) {
        throw new InvalidPathException(
            "a path has blocks from 1 to " + PathEnumerator.MAX_BLOCKS + ", got " + block);
      }
      if (bits.get(block - 1)) {
        throw new InvalidPathException(
            "a path has every block at most once, got " + block + " twice");
      }
      bits.set(block - 1);
    }
    return of(bits);
  }

  /** The path of a set of bits, block 1 being bit 0. */
  static ResidualPath of(BitSet bits) {
    return ofWords(bits.toLongArray());
  }

  static ResidualPath ofMask(long mask) {
    if (mask < 0) {
      throw new InvalidPathException(
          "a mask has bits for blocks 1 to 63 and is not negative, got " + mask);
    }
    return new BlockSet(mask, NONE);
  }

  private static BlockSet ofWords(long[] words) {
    int used = words.length;
    while (used > 0 && words[used - 1] == 0) {
      used--;
    }
    return new BlockSet(
        used == 0 ? 0 : words[0], used <= 1 ? NONE : Arrays.copyOfRange(words, 1, used));
  }

  static ResidualPath parse(String text) {
    var matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new InvalidPathException(
          "a path is written like {1,5,9}, got '" + Names.shorten(text) + "'");
    }
    String numbers = matcher.group(1);
    return numbers == null
        ? of()
        : of(COMMA.splitAsStream(numbers.strip()).mapToInt(Integer::parseInt).toArray());
  }

  /** Paths as JSON: their blocks. */
  static final class Mapping implements JsonMapping<ResidualPath> {
    @Override
    public JsonElement write(ResidualPath path) {
      return JsonNode.array(path.blocks());
    }

    @Override
    public ResidualPath read(JsonNode node) {
      int[] blocks = node.list(JsonNode::integer).stream().mapToInt(block -> block).toArray();
      return node.build(() -> of(blocks));
    }
  }

  static int compareNumerically(ResidualPath first, ResidualPath second) {
    BlockSet a = from(first);
    BlockSet b = from(second);
    for (int i = Math.max(a.words(), b.words()) - 1; i >= 0; i--) {
      int order = Long.compareUnsigned(a.word(i), b.word(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** A path's bits, block 1 being bit 0. */
  static BitSet bits(ResidualPath path) {
    BlockSet set = from(path);
    return BitSet.valueOf(IntStream.range(0, set.words()).mapToLong(set::word).toArray());
  }

  private static BlockSet from(ResidualPath path) {
    return path instanceof BlockSet set
        ? set
        : (BlockSet) of(path.blocks().stream().mapToInt(block -> block).toArray());
  }

  private int words() {
    return 1 + high.length;
  }

  private long word(int i) {
    if (i == 0) {
      return low;
    }
    return i <= high.length ? high[i - 1] : 0;
  }

  @Override
  public int length() {
    int length = Long.bitCount(low);
    for (long word : high) {
      length += Long.bitCount(word);
    }
    return length;
  }

  private IntStream numbers() {
    return bits(this).stream().map(bit -> bit + 1);
  }

  @Override
  public SortedSet<Integer> blocks() {
    return numbers().boxed().collect(ImmutableSortedSet.toImmutableSortedSet(Integer::compare));
  }

  @Override
  public boolean contains(int block) {
    return block >= 1 && (word((block - 1) / Long.SIZE) >>> (block - 1) & 1) != 0;
  }

  @Override
  public boolean containsAll(ResidualPath other) {
    return other.minus(this).length() == 0;
  }

  @Override
  public ResidualPath union(ResidualPath other) {
    return combine(other, (a, b) -> a | b);
  }

  @Override
  public ResidualPath intersection(ResidualPath other) {
    return combine(other, (a, b) -> a & b);
  }

  @Override
  public ResidualPath minus(ResidualPath other) {
    return combine(other, (a, b) -> a & ~b);
  }

  @Override
  public ResidualPath symmetricDifference(ResidualPath other) {
    return combine(other, (a, b) -> a ^ b);
  }

  private ResidualPath combine(ResidualPath other, LongBinaryOperator rule) {
    BlockSet set = from(other);
    return ofWords(
        IntStream.range(0, Math.max(words(), set.words()))
            .mapToLong(i -> rule.applyAsLong(word(i), set.word(i)))
            .toArray());
  }

  @Override
  public ResidualPath complement(int blocks) {
    BitSet bits = bits(this);
    if (blocks < bits.length() || blocks > PathEnumerator.MAX_BLOCKS) {
      throw new InvalidPathException(
          String.format(
              "a network that has the path %s has %s to %s blocks, got %s",
              this, bits.length(), PathEnumerator.MAX_BLOCKS, blocks));
    }
    bits.flip(0, blocks);
    return of(bits);
  }

  @Override
  public long mask() {
    if (low < 0 || high.length > 0) {
      throw new InvalidPathException(
          "a mask has bits for blocks 1 to 63, but block " + blocks().last() + " is on the path");
    }
    return low;
  }

  @Override
  public String toJson() {
    return numbers().mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public String toString() {
    return numbers().mapToObj(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BlockSet set && low == set.low && Arrays.equals(high, set.high);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(low) + Arrays.hashCode(high);
  }
}
