package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a zip archive in memory, as its central directory lists them. Like PyTorch, and
 * unlike the JDK's reader, it finds the directory of a long-format archive that bytes were added
 * to; and what it reads is what was hashed, for there is no file to change.
 */
final class ZipArchive {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int LONG_END = 0x06064b50;
  private static final int LOCATOR = 0x07064b50;

  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int LONG_END_BYTES = 56;
  private static final int LOCATOR_BYTES = 20;
  private static final int MAX_COMMENT = 0xffff;
  private static final int LONG_FORMAT = 1;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int INFLATED_AT_ONCE = 1 << 24;

  private record Entry(int flags, int method, int crc, long packed, long size, long header) {}

  private record Directory(long entries, long bytes, long offset) {}

  private final ByteBuffer bytes;
  private final ReadBudget budget;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * Reads the directory.
   *
   * @throws InvalidWeightsException if it is damaged, or names an entry twice
   */
  ZipArchive(byte[] archive, ReadBudget budget) {
    this.bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    this.budget = budget;
    try {
      readDirectory(findDirectory());
    } catch (IndexOutOfBoundsException | CharacterCodingException e) {
      throw damaged("its directory breaks off", e);
    }
  }

  /** {@return the entries' names, in the directory's order} */
  Iterable<String> names() {
    return entries.keySet();
  }

  /**
   * {@return what the directory claims of an entry; -1 where there is none}
   *
   * @param name of the entry
   */
  long size(String name) {
    Entry entry = entries.get(name);
    return entry == null ? -1 : entry.size;
  }

  /**
   * {@return the content of an entry, exactly as long as claimed}
   *
   * @param name of an entry that there is
   * @throws InvalidWeightsException if its length or its checksum is another
   */
  ByteBuffer read(String name) {
    Entry entry = entries.get(name);
    String what = "the zip entry '" + Names.shorten(name) + "'";
    if (entry == null || entry.size > Integer.MAX_VALUE - 64) {
      throw new InvalidWeightsException(
          what + " cannot have " + (entry == null ? -1 : entry.size) + " bytes");
    }
    if ((entry.flags & ENCRYPTED) != 0) {
      throw new InvalidWeightsException(what + " is encrypted; save the file without a password");
    }
    ReadBudget.look();
    ByteBuffer content;
    try {
      content = unpack(entry, packed(entry), what);
    } catch (IndexOutOfBoundsException | DataFormatException e) {
      throw damaged(what + " cannot be read", e);
    }
    CRC32 crc = new CRC32();
    crc.update(content.duplicate());
    if ((int) crc.getValue() != entry.crc) {
      throw new InvalidWeightsException(
          "the checksum of " + what + " is wrong: the file is damaged, get it again");
    }
    return content;
  }

  private ByteBuffer packed(Entry entry) {
    int at = place(entry.header, LOCAL_BYTES);
    if (bytes.getInt(at) != LOCAL) {
      throw new IndexOutOfBoundsException("no entry begins at " + at);
    }
    long begin = at + LOCAL_BYTES + (long) unsigned(at + 26) + unsigned(at + 28);
    return bytes.slice(place(begin, entry.packed), (int) entry.packed);
  }

  private ByteBuffer unpack(Entry entry, ByteBuffer packed, String what)
      throws DataFormatException {
    if (entry.method == STORED) {
      if (entry.packed != entry.size) {
        throw otherLength(what, entry.size);
      }
      return packed;
    }
    if (entry.method != DEFLATED) {
      throw new InvalidWeightsException(
          what + " is packed by the method " + entry.method + "; 0 and 8 (deflate) are known");
    }
    budget.take(entry.size, what);
    byte[] content = new byte[(int) entry.size];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      int length = 0;
      while (length < content.length) {
        ReadBudget.look();
        int more =
            inflater.inflate(content, length, Math.min(INFLATED_AT_ONCE, content.length - length));
        if (more == 0) {
          throw otherLength(what, entry.size);
        }
        length += more;
      }
      if (inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
        throw otherLength(what, entry.size);
      }
      return ByteBuffer.wrap(content);
    } finally {
      inflater.end();
    }
  }

  private static InvalidWeightsException otherLength(String what, long size) {
    return new InvalidWeightsException(
        what + " has not the " + size + " bytes it claims: the file is damaged, get it again");
  }

  /** The directory of the last end record that points to one. */
  private Directory findDirectory() {
    int first = Math.max(0, bytes.limit() - END_BYTES - MAX_COMMENT);
    for (int at = bytes.limit() - END_BYTES; at >= first; at--) {
      if (bytes.getInt(at) == END) {
        Directory directory = directory(at);
        if (directory.offset >= 0
            && directory.bytes >= 0
            && directory.offset <= at
            && directory.bytes <= at - directory.offset
            && (directory.entries == 0 || bytes.getInt((int) directory.offset) == CENTRAL)) {
          return directory;
        }
      }
    }
    throw damaged("it has no directory at its end", null);
  }

  private Directory directory(int end) {
    int entries = unsigned(end + 10);
    long size = Integer.toUnsignedLong(bytes.getInt(end + 12));
    long offset = Integer.toUnsignedLong(bytes.getInt(end + 16));
    boolean saturated = entries == 0xffff || size == 0xffffffffL || offset == 0xffffffffL;
    int locator = end - LOCATOR_BYTES;
    if (saturated && locator >= 0 && bytes.getInt(locator) == LOCATOR) {
      long at = bytes.getLong(locator + 8);
      if (at >= 0 && at <= locator - LONG_END_BYTES && bytes.getInt((int) at) == LONG_END) {
        return new Directory(
            bytes.getLong((int) at + 32),
            bytes.getLong((int) at + 40),
            bytes.getLong((int) at + 48));
      }
    }
    return new Directory(entries, size, offset);
  }

  private void readDirectory(Directory directory) throws CharacterCodingException {
    long at = directory.offset;
    long end = directory.offset + directory.bytes;
    for (long i = 0; i < directory.entries; i++) {
      budget.step(1);
      if (i == SafetensorsFile.MAX_TENSORS) {
        throw new InvalidWeightsException(
            "the zip archive has more than " + SafetensorsFile.MAX_TENSORS + " entries");
      }
      int begin = place(at, CENTRAL_BYTES);
      if (bytes.getInt(begin) != CENTRAL) {
        throw new IndexOutOfBoundsException("no entry is described at " + begin);
      }
      int nameBytes = unsigned(begin + 28);
      int extraBytes = unsigned(begin + 30);
      at += CENTRAL_BYTES + (long) nameBytes + extraBytes + unsigned(begin + 32);
      if (at > end) {
        throw new IndexOutOfBoundsException("the directory is longer than it says");
      }
      int extra = begin + CENTRAL_BYTES + nameBytes;
      String name =
          UTF_8.newDecoder().decode(bytes.slice(begin + CENTRAL_BYTES, nameBytes)).toString();
      if (entries.put(name, entry(begin, extra, extraBytes)) != null) {
        throw new InvalidWeightsException(
            "the zip archive has the entry '" + Names.shorten(name) + "' twice");
      }
    }
  }

  /** Numbers that do not fit into 32 bits stand, in this order, in an extra field. */
  private Entry entry(int begin, int extra, int extraBytes) {
    long[] numbers = {
      Integer.toUnsignedLong(bytes.getInt(begin + 24)),
      Integer.toUnsignedLong(bytes.getInt(begin + 20)),
      Integer.toUnsignedLong(bytes.getInt(begin + 42))
    };
    for (int at = extra; at + 4 <= extra + extraBytes; at += 4 + unsigned(at + 2)) {
      if (unsigned(at) == LONG_FORMAT) {
        int next = at + 4;
        for (int i = 0; i < numbers.length; i++) {
          if (numbers[i] == 0xffffffffL) {
            numbers[i] = bytes.getLong(next);
            next += 8;
          }
        }
      }
    }
    for (long number : numbers) {
      if (number < 0) {
        throw new IndexOutOfBoundsException("an entry has a negative size or place");
      }
    }
    return new Entry(
        unsigned(begin + 8),
        unsigned(begin + 10),
        bytes.getInt(begin + 16),
        numbers[1],
        numbers[0],
        numbers[2]);
  }

  private int unsigned(int at) {
    return bytes.getShort(at) & 0xffff;
  }

  /** A place from which there are so many bytes. */
  private int place(long at, long count) {
    if (at < 0 || count < 0 || at > bytes.limit() || count > bytes.limit() - at) {
      throw new IndexOutOfBoundsException(count + " bytes at " + at);
    }
    return (int) at;
  }

  private static InvalidWeightsException damaged(String why, @Nullable Exception cause) {
    String message = "the zip archive is damaged or truncated (" + why + "); get the file again";
    return cause == null
        ? new InvalidWeightsException(message)
        : new InvalidWeightsException(message, cause);
  }
}
