package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.InvalidWeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import net.razorvine.pickle.Opcodes;

/**
 * Walks through the opcodes of one pickle without building anything: every length is checked
 * against the bytes that are there, the stack and the memo are simulated, and every name of a
 * Python object is compared with {@link PickleGlobals}. Only then is the pickle read.
 */
final class PickleScan {
  private static final int MAX_STACK = 1 << 17;
  private static final int MAX_MEMO = 1 << 21;
  private static final int MAX_NAME = 200;

  /** About what an object and a reference to it take in memory; so does an entry of the memo. */
  static final int OBJECT_BYTES = 64;

  /** The longest pickle that is read. */
  static final int MAX_PICKLE = 1 << 26;

  private static final long OTHER = -1;
  private static final long MARK = -2;

  private final byte[] data;
  private final int end;
  private final ReadBudget budget;
  private int position;

  /** A text is its place (position · 2^32 + length); all else is OTHER or MARK. */
  private long[] stack = new long[64];

  private int size;
  private final Map<Integer, Long> memo = new HashMap<>();

  private PickleScan(byte[] data, int from, int end, ReadBudget budget) {
    this.data = data;
    this.position = from;
    this.end = end;
    this.budget = budget;
  }

  /**
   * Asks for the memory of all objects of the pickle.
   *
   * @return the position after the pickle that begins at {@code from}
   */
  static int scan(byte[] data, int from, int end, ReadBudget budget) {
    PickleScan scan = new PickleScan(data, from, end, budget);
    boolean more = true;
    while (more) {
      more = scan.step();
    }
    return scan.position;
  }

  private boolean step() {
    int at = position;
    budget.step(1);
    int opcode = (int) unsigned(1);
    switch (opcode) {
      case Opcodes.PROTO -> {
        if (unsigned(1) > 5) {
          throw new InvalidWeightsException(
              "the pickle has the protocol " + data[at + 1] + "; 0 to 5 are known");
        }
      }
      case Opcodes.FRAME -> skip(8);
      case Opcodes.STOP -> {
        pop();
        if (size != 0) {
          throw damaged(at, "it ends with " + size + " objects too many");
        }
        return false;
      }
      case Opcodes.MARK -> push(MARK);
      case Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.EMPTY_TUPLE,
          Opcodes.EMPTY_LIST,
          Opcodes.EMPTY_SET,
          Opcodes.EMPTY_DICT ->
          push(OTHER);
      case Opcodes.BININT1 -> number(1);
      case Opcodes.BININT2 -> number(2);
      case Opcodes.BININT -> number(4);
      case Opcodes.BINFLOAT -> number(8);
      case Opcodes.LONG1 -> number((int) unsigned(1));
      case Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINUNICODE -> text(unsigned(1));
      case Opcodes.BINSTRING, Opcodes.BINUNICODE -> text(unsigned(4));
      case Opcodes.BINUNICODE8 -> text(unsigned(8));
      case Opcodes.SHORT_BINBYTES -> binary(1);
      case Opcodes.BINBYTES -> binary(4);
      case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> binary(8);
      case Opcodes.TUPLE, Opcodes.FROZENSET -> {
        popToMark();
        push(OTHER);
      }
      case Opcodes.TUPLE1 -> replace(1);
      case Opcodes.TUPLE2 -> replace(2);
      case Opcodes.TUPLE3 -> replace(3);
      case Opcodes.REDUCE, Opcodes.NEWOBJ -> replace(2);
      case Opcodes.NEWOBJ_EX -> replace(3);
      case Opcodes.BINPERSID -> replace(1);
      case Opcodes.APPEND, Opcodes.BUILD -> drop(1);
      case Opcodes.SETITEM -> drop(2);
      case Opcodes.APPENDS, Opcodes.ADDITEMS -> {
        popToMark();
        drop(0);
      }
      case Opcodes.SETITEMS -> {
        if (popToMark() % 2 != 0) {
          throw damaged(at, "a key lacks its value");
        }
        drop(0);
      }
      case Opcodes.BINPUT -> memoise(unsigned(1));
      case Opcodes.LONG_BINPUT -> memoise(unsigned(4));
      case Opcodes.MEMOIZE -> memoise(memo.size());
      case Opcodes.BINGET -> push(recall(unsigned(1)));
      case Opcodes.LONG_BINGET -> push(recall(unsigned(4)));
      case Opcodes.GLOBAL, Opcodes.INST -> {
        String module = line();
        check(at, module + "." + line());
        if (opcode == Opcodes.INST) {
          throw unsupported(at, opcode);
        }
        push(OTHER);
      }
      case Opcodes.STACK_GLOBAL -> {
        String name = string(at, pop());
        check(at, string(at, pop()) + "." + name);
        push(OTHER);
      }
      default -> throw unsupported(at, opcode);
    }
    return true;
  }

  private static void check(int at, String name) {
    if (!PickleGlobals.allowed(name)) {
      throw PickleGlobals.refused(name, at);
    }
  }

  private static InvalidWeightsException unsupported(int at, int opcode) {
    return new InvalidWeightsException(
        String.format(
            Locale.ROOT,
            "the pickle has the opcode 0x%02x at byte %d, which torch.save does not write for"
                + " tensors: refused, and nothing was executed; save the state dict again with"
                + " torch.save",
            opcode,
            at));
  }

  private static InvalidWeightsException damaged(int at, String why) {
    return new InvalidWeightsException(
        "the pickle is damaged at byte " + at + ": " + why + "; get the file again");
  }

  private long unsigned(int bytes) {
    int at = position;
    skip(bytes);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (data[at + i] & 0xff);
    }
    return value;
  }

  /**
   * Skips bytes, of which there must be as many; a negative number is an unsigned one too large.
   */
  private void skip(long bytes) {
    if (bytes < 0 || bytes > end - position) {
      throw damaged(
          position,
          "it claims %s bytes where %s are left"
              .formatted(Long.toUnsignedString(bytes), end - position));
    }
    position += (int) bytes;
  }

  private void number(int bytes) {
    skip(bytes);
    push(OTHER);
  }

  private void text(long length) {
    int at = position;
    skip(length);
    budget.allocate(2 * length);
    push((long) at << 32 | length);
  }

  /** Bytes are skipped when the pickle is read, too. */
  private void binary(int lengthBytes) {
    skip(unsigned(lengthBytes));
    push(OTHER);
  }

  private String line() {
    int at = position;
    while (position < end && data[position] != '\n' && position - at <= MAX_NAME) {
      position++;
    }
    if (position == end || data[position] != '\n') {
      throw damaged(at, "a name does not end within " + MAX_NAME + " bytes");
    }
    return new String(data, at, position++ - at, UTF_8);
  }

  private String string(int at, long item) {
    if (item < 0 || (int) item > MAX_NAME) {
      throw damaged(at, "an object's name is no text of at most " + MAX_NAME + " bytes");
    }
    return new String(data, (int) (item >> 32), (int) item, UTF_8);
  }

  private void push(long item) {
    budget.allocate(OBJECT_BYTES);
    if (size == MAX_STACK) {
      throw damaged(position, "more than " + MAX_STACK + " objects are stacked");
    }
    if (size == stack.length) {
      stack = Arrays.copyOf(stack, 2 * size);
    }
    stack[size++] = item;
  }

  @CanIgnoreReturnValue
  private long peek() {
    if (size == 0 || stack[size - 1] == MARK) {
      throw damaged(position, "an object is missing");
    }
    return stack[size - 1];
  }

  @CanIgnoreReturnValue
  private long pop() {
    long item = peek();
    size--;
    return item;
  }

  @CanIgnoreReturnValue
  private int popToMark() {
    int count = 0;
    while (size > 0 && stack[size - 1] != MARK) {
      size--;
      count++;
    }
    if (size == 0) {
      throw damaged(position, "a mark is missing");
    }
    size--;
    return count;
  }

  private void replace(int count) {
    for (int i = 0; i < count; i++) {
      pop();
    }
    push(OTHER);
  }

  /** Pops operands of an object that stays. */
  private void drop(int count) {
    for (int i = 0; i < count; i++) {
      pop();
    }
    peek();
  }

  private void memoise(long index) {
    long item = peek();
    budget.allocate(2L * OBJECT_BYTES);
    if (index > MAX_MEMO) {
      throw damaged(position, "the memo index " + index + " is absurd");
    }
    memo.put((int) index, item);
  }

  private long recall(long index) {
    Long item = index > MAX_MEMO ? null : memo.get((int) index);
    if (item == null) {
      throw damaged(position, "nothing is remembered under " + index);
    }
    return item;
  }

  /** Reads a little-endian integer in place; for the values between pickles. */
  static long longAt(byte[] data, int at) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }
}
