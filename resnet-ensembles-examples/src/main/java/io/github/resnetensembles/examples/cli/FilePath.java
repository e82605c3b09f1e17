package io.github.resnetensembles.examples.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a path, whose characters the locale may not be able to name. */
final class FilePath implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is no path in the locale's encoding "
              + System.getProperty("sun.jnu.encoding")
              + "; set the environment variable LC_ALL=C.UTF-8");
    }
  }
}
