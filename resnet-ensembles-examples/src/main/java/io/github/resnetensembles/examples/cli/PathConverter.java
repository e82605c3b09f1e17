package io.github.resnetensembles.examples.cli;

import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads names of files, and says why one cannot be used. */
final class PathConverter implements ITypeConverter<Path> {
  /** What Java puts in place of what it cannot decode. */
  private static final char UNKNOWN = '\uFFFD';

  @Override
  public Path convert(String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          refusal(value, String.valueOf(e.getReason()), System.getProperty("sun.jnu.encoding")));
    }
  }

  /**
   * Says what to do about a name.
   *
   * @param reason why Java refused it
   * @param encoding what this process's names of files are encoded in
   */
  static String refusal(String value, String reason, String encoding) {
    boolean known =
        value.indexOf(UNKNOWN) < 0 && Charset.forName(encoding).newEncoder().canEncode(value);
    return known
        ? "'" + value + "' is no name of a file: " + reason
        : ("the name '%s' has characters that this process's language settings do not"
                + " know (%s); set the environment variable LC_ALL to C.UTF-8")
            .formatted(value, encoding);
  }
}
