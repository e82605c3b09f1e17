package io.github.resnetensembles.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says what a file is that was given in place of another, from its first bytes. */
public final class FileKind {
  /** As many bytes of a file as {@link #describe} looks at. */
  public static final int BYTES = 1024;

  private static final int TAR_MAGIC = 257;
  private static final Pattern CIFAR_PICKLE =
      Pattern.compile("batch_label|fine_label|filenames|label_names");

  private record Kind(String magic, int at, String description) {
    boolean matches(String start) {
      return start.startsWith(magic, at);
    }
  }

  private static final Kind[] KINDS = {
    new Kind(
        "version https://git-lfs.github.com/spec/",
        0,
        "the file is a Git LFS pointer, not the file that it stands for: run 'git lfs pull', or"
            + " download the file itself"),
    new Kind("\u0089HDF\r\n\u001a\n", 0, "the file is an HDF5 file (Keras, MATLAB and others)"),
    new Kind("\u001f\u008b", 0, "the file is compressed by gzip: unpack it first"),
    new Kind("BZh", 0, "the file is compressed by bzip2: unpack it first"),
    new Kind("\u00fd7zXZ\u0000", 0, "the file is compressed by xz: unpack it first"),
    new Kind("(\u00b5/\u00fd", 0, "the file is compressed by Zstandard: unpack it first"),
    new Kind("7z\u00bc\u00af'\u001c", 0, "the file is a 7-Zip archive: unpack it first"),
    new Kind("Rar!\u001a", 0, "the file is a RAR archive: unpack it first"),
    new Kind("ustar", TAR_MAGIC, "the file is a tar archive: unpack it first"),
    new Kind("PK\u0003\u0004", 0, "the file is a zip archive"),
    new Kind("\u0093NUMPY", 0, "the file is a NumPy array (.npy)"),
    new Kind("GGUF", 0, "the file is a GGUF file"),
    new Kind("\u0089PNG\r\n", 0, "the file is a PNG picture"),
    new Kind("\u00ff\u00d8\u00ff", 0, "the file is a JPEG picture"),
    new Kind("%PDF-", 0, "the file is a PDF document"),
    new Kind("PAR1", 0, "the file is a Parquet file"),
  };

  private FileKind() {}

  /**
   * {@return one clause without a full stop: what the file is, and its remedy where there is one;
   * empty for files of no known kind}
   *
   * @param bytes of the file, its first {@value #BYTES} or more
   */
  public static Optional<String> describe(byte[] bytes) {
    String start = new String(bytes, 0, Math.min(bytes.length, BYTES), ISO_8859_1);
    for (Kind kind : KINDS) {
      if (kind.matches(start)) {
        return Optional.of(kind.description);
      }
    }
    if (isPage(start)) {
      return Optional.of(
          "the file is a web page or an error message of a server (it begins with '%s'): download the file itself"
              .formatted(Names.shorten(start.strip().lines().findFirst().orElse(""))));
    }
    if (isOnnx(bytes)) {
      return Optional.of(
          "the file is an ONNX model: save the state dict of the PyTorch network that it was made"
              + " from");
    }
    if (bytes.length > 1 && (bytes[0] & 0xff) == 0x80 && bytes[1] >= 0 && bytes[1] <= 5) {
      return Optional.of(
          CIFAR_PICKLE.matcher(start).find()
              ? "the file is of CIFAR's Python version: get the binary version"
                  + " (cifar-10-binary.tar.gz, cifar-100-binary.tar.gz)"
              : "the file is a Python pickle");
    }
    return Optional.empty();
  }

  private static boolean isPage(String start) {
    String text =
        (start.startsWith("\u00ef\u00bb\u00bf") ? start.substring(3) : start)
            .strip()
            .toLowerCase(Locale.ROOT);
    return text.startsWith("<!doctype")
        || text.startsWith("<html")
        || text.startsWith("<head")
        || text.startsWith("<?xml")
        || text.startsWith("<!--");
  }

  /** A protobuf whose first field is a small version and whose next is a short name in ASCII. */
  private static boolean isOnnx(byte[] bytes) {
    if (bytes.length < 8 || bytes[0] != 8 || bytes[1] < 1 || bytes[1] > 30 || bytes[2] != 0x12) {
      return false;
    }
    int length = bytes[3];
    if (length < 2 || length > 60 || bytes.length < 4 + length) {
      return false;
    }
    byte[] name = Arrays.copyOfRange(bytes, 4, 4 + length);
    for (byte b : name) {
      if (b < ' ' || b > '~') {
        return false;
      }
    }
    return true;
  }
}
