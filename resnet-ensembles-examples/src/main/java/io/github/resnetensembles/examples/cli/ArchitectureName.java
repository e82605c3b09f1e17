package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.network.Architecture;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;

/** Where an architecture is described: in a file of its JSON, or by the name of a preset. */
sealed interface ArchitectureName {
  /** How files of architectures are called. */
  String ENDING = ".json";

  /** The file that a flag's value names, if it names one. */
  static Optional<Path> file(String value) {
    return value.toLowerCase(Locale.ROOT).endsWith(ENDING)
        ? Optional.of(new PathConverter().convert(value))
        : Optional.empty();
  }

  /** The description. */
  Architecture architecture();

  /** A preset. */
  record Preset(String name) implements ArchitectureName {
    @Override
    public Architecture architecture() {
      return Architecture.of(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A file, such as {@code info --save-arch} writes. */
  record InFile(Path path) implements ArchitectureName {
    @Override
    public Architecture architecture() {
      return InputFiles.architecture(path);
    }

    /** From any folder. */
    @Override
    public String toString() {
      return path.toAbsolutePath().normalize().toString();
    }
  }

  /** Reads the flag. */
  final class Converter implements ITypeConverter<ArchitectureName> {
    Converter() {}

    @Override
    public ArchitectureName convert(String value) {
      return file(value).<ArchitectureName>map(InFile::new).orElseGet(() -> new Preset(value));
    }
  }
}
