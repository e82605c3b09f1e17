package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.files.OutputFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;

/**
 * Where a flag sends one result: into a file, or to standard output, which then gets nothing else.
 * Every flag that names an output has this type: that is how {@link FileUses} knows it.
 *
 * @param path as it was given
 */
record Output(Path path) {
  private static final Set<String> STANDARD_OUTPUT =
      Set.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

  boolean isStandardOutput() {
    return STANDARD_OUTPUT.contains(path.toString());
  }

  /** Why it cannot be written, found before the work. */
  Optional<String> obstacle() {
    return isStandardOutput() ? Optional.empty() : new OutputFile(path).obstacle();
  }

  void write(String text, Streams streams) {
    write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)), streams);
  }

  void write(OutputFile.Content content, Streams streams) {
    if (isStandardOutput()) {
      streams.write(content);
    } else {
      new OutputFile(path).write(content);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** Reads the flag. */
  static final class Converter implements ITypeConverter<Output> {
    @Override
    public Output convert(String value) {
      return new Output(new PathConverter().convert(value));
    }
  }
}
