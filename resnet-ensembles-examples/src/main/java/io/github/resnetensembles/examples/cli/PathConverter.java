package io.github.resnetensembles.examples.cli;

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
      boolean decoded = value.indexOf(UNKNOWN) < 0 && value.indexOf('\0') >= 0;
      throw new TypeConversionException(
          decoded
              ? "'" + value + "' is no name of a file: " + e.getReason()
              : "the name '"
                  + value
                  + "' has characters that this process's language settings do not know ("
                  + System.getProperty("sun.jnu.encoding")
                  + "); set the environment variable LC_ALL to C.UTF-8");
    }
  }
}
