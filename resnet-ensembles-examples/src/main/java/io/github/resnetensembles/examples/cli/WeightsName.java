package io.github.resnetensembles.examples.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;

/** Where weights are: a file, or one of the library's own networks. */
sealed interface WeightsName {
  /** What stands before the names of the library's own networks. */
  String OWN = "pretrained:";

  /** The file that a flag's value names, if it names one. */
  static Optional<Path> file(String value) {
    return value.startsWith(OWN)
        ? Optional.empty()
        : Optional.of(new PathConverter().convert(value));
  }

  /** A weight file. */
  record InFile(Path path) implements WeightsName {}

  /** One of the library's own. */
  record Own(String name) implements WeightsName {
    @Override
    public String toString() {
      return OWN + name;
    }
  }

  /** Reads the flag. */
  final class Converter implements ITypeConverter<WeightsName> {
    Converter() {}

    @Override
    public WeightsName convert(String value) {
      return file(value)
          .<WeightsName>map(InFile::new)
          .orElseGet(() -> new Own(value.substring(OWN.length())));
    }
  }
}
