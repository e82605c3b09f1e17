package io.github.resnetensembles.weights;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A weight file as it was at one moment, so that its hash, its format and its values cannot come
 * from different contents.
 */
final class FileContent {
  private static final long MAX_BYTES = Integer.MAX_VALUE - 64L;
  private static final int HASHED_AT_ONCE = 1 << 26;

  private final byte[] bytes;
  private final String sha256;

  private FileContent(byte[] bytes, String sha256) {
    this.bytes = bytes;
    this.sha256 = sha256;
  }

  /**
   * Reads a file.
   *
   * @throws FileAccessException if that cannot be done
   * @throws InvalidWeightsException if it is too large or changes meanwhile
   */
  static FileContent read(Path file) {
    try {
      Unreadable.requireRegular(file);
      long size = Files.size(file);
      if (size > Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory())) {
        throw new InvalidWeightsException(
            ("the file has %s bytes, more than memory holds; save the state dict alone, or"
                    + " raise -Xmx (to at most 2 GiB of file)")
                .formatted(size));
      }
      ReadBudget.look();
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes((int) size);
      }
      if (bytes.length != size) {
        throw new InvalidWeightsException("the file shrank while it was read; read it again");
      }
      return new FileContent(bytes, sha256(bytes));
    } catch (ClosedByInterruptException e) {
      throw ReadBudget.interrupted();
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  /** What is no file of its own. */
  static FileContent of(byte[] bytes) {
    return new FileContent(bytes, sha256(bytes));
  }

  byte[] bytes() {
    return bytes;
  }

  String sha256() {
    return sha256;
  }

  private static String sha256(byte[] bytes) {
    MessageDigest digest = newSha256();
    int length;
    for (int at = 0; at < bytes.length; at += length) {
      ReadBudget.look();
      length = Math.min(HASHED_AT_ONCE, bytes.length - at);
      digest.update(bytes, at, length);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
