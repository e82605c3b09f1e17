package io.github.resnetensembles.examples.cli;

import com.google.common.collect.Iterables;
import io.github.resnetensembles.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/**
 * What a command reads and writes, by its flags. Before any command begins, all of it is checked at
 * once: that outputs can be written, and that none overwrites an input, another output, or what the
 * run keeps in its folder. A flag is known by its type and name, so that no command can forget one.
 */
final class FileUses {
  /** How a flag uses what it names. */
  enum Use {
    INPUT,
    /** A file, or a network of the library's own. */
    WEIGHTS,
    /** A file, or the name of a preset. */
    ARCHITECTURE,
    /** A file of images, a directory of them, or the word for the built-in ones. */
    IMAGES,
    OUTPUT,
    /** A folder that the run fills. */
    FOLDER,
    /** No file. */
    NONE
  }

  private static final Set<String> IMAGES = Set.of("--data", "--test", "--reference");
  private static final Set<String> FOLDERS = Set.of("--out", "--store");

  /** Results that may lie among data; no reader of images takes them for data. */
  private static final List<String> RESULTS = List.of(".json", ".csv", ".svg");

  /** What training and reports write into their folder. */
  private static final Set<String> OWN_FILES = Set.of("epochs.csv", "report.html");

  private static final Set<String> OWN_FOLDERS = Set.of("probes", "parts", "networks", "store");
  private static final String OWN_ENDING = ".safetensors";

  private record Named(String flag, String value, Path path) {
    @Override
    public String toString() {
      return flag + " " + path;
    }
  }

  private final List<Named> inputs = new ArrayList<>();
  private final List<Named> images = new ArrayList<>();
  private final List<Named> outputs = new ArrayList<>();
  private final List<Named> folders = new ArrayList<>();
  private final List<String> toStandardOutput = new ArrayList<>();

  private FileUses(ParseResult command) {
    addAll(command);
  }

  /** With those of the words behind it. */
  private void addAll(ParseResult command) {
    // A flag that was given several times is there several times, with all its values.
    for (ArgSpec argument : new LinkedHashSet<>(command.matchedArgs())) {
      for (String value : argument.originalStringValues()) {
        add(name(argument), of(argument), value);
      }
    }
    command.subcommands().forEach(this::addAll);
  }

  static Use of(ArgSpec argument) {
    Class<?> type = argument.auxiliaryTypes()[0];
    String name = name(argument);
    if (type == Output.class) {
      return Use.OUTPUT;
    }
    if (IMAGES.contains(name)) {
      return Use.IMAGES;
    }
    if (type == WeightsName.class) {
      return Use.WEIGHTS;
    }
    if (type == ArchitectureName.class) {
      return Use.ARCHITECTURE;
    }
    if (type != Path.class) {
      return Use.NONE;
    }
    return FOLDERS.contains(name) ? Use.FOLDER : Use.INPUT;
  }

  /** Checks the flags of the command that will run; says whether it takes standard output. */
  static boolean check(ParseResult command) {
    FileUses uses = new FileUses(command);
    uses.checkStandardOutput();
    uses.checkOutputs();
    uses.checkFolders();
    return !uses.toStandardOutput.isEmpty();
  }

  /**
   * What a command reads: the values of the flags that name a file or folder, as they were given.
   */
  static Set<String> inputs(ParseResult command) {
    Set<String> values = new LinkedHashSet<>();
    FileUses uses = new FileUses(command);
    for (Named input : Iterables.concat(uses.inputs, uses.images)) {
      values.add(input.value);
    }
    return values;
  }

  private static String name(ArgSpec argument) {
    return argument.isOption() ? ((OptionSpec) argument).longestName() : argument.paramLabel();
  }

  private void add(String name, Use use, String value) {
    switch (use) {
      case INPUT -> inputs.add(named(name, value));
      case WEIGHTS -> {
        if (!value.startsWith(WeightsName.OWN)) {
          inputs.add(named(name, value));
        }
      }
      case ARCHITECTURE -> {
        if (ArchitectureName.file(value).isPresent()) {
          inputs.add(named(name, value));
        }
      }
      case IMAGES -> {
        if (!value.equals(DataOptions.BUILT_IN)) {
          images.add(named(name, value));
        }
      }
      case FOLDER -> folders.add(named(name, value));
      case OUTPUT -> {
        Named output = named(name, value);
        if (new Output(output.path).isStandardOutput()) {
          toStandardOutput.add(name);
        } else {
          outputs.add(output);
        }
      }
      case NONE -> {}
    }
  }

  private static Named named(String name, String value) {
    try {
      return new Named(name, value, new PathConverter().convert(value));
    } catch (TypeConversionException e) {
      throw new InvalidInputException(name + ": " + e.getMessage(), e);
    }
  }

  private void checkStandardOutput() {
    if (toStandardOutput.size() > 1) {
      throw new InvalidInputException(
          String.join(" and ", toStandardOutput)
              + " go to standard output, which takes one result; give the others files");
    }
  }

  private void checkOutputs() {
    for (int i = 0; i < outputs.size(); i++) {
      Named output = outputs.get(i);
      new Output(output.path)
          .obstacle()
          .ifPresent(
              reason -> {
                throw new InvalidInputException("cannot write " + output + ": " + reason);
              });
      for (Named other : outputs.subList(0, i)) {
        if (!isDevice(output.path) && same(output.path, other.path)) {
          throw new InvalidInputException(
              "%s and %s name the same file, %s; give two"
                  .formatted(output.flag, other.flag, output.path));
        }
      }
      checkNoInput(output);
    }
  }

  private void checkNoInput(Named output) {
    if (isDevice(output.path)) {
      return;
    }
    for (Named input : Iterables.concat(inputs, images)) {
      if (same(output.path, input.path)) {
        throw new InvalidInputException(
            output + " is an input of this run and would be lost; name another");
      }
    }
    for (Named input : images) {
      if (Files.exists(output.path) && isRead(real(output.path), real(input.path))) {
        throw new InvalidInputException(
            "%s belongs to %s, an input of this run, and would be lost; name another"
                .formatted(output, input));
      }
    }
  }

  /** Whether an existing file may be read with some images: in their directory, or as labels. */
  private static boolean isRead(Path file, Path images) {
    if (Files.isDirectory(images)) {
      return file.startsWith(images) && RESULTS.stream().noneMatch(lowerCaseName(file)::endsWith);
    }
    return file.resolveSibling(images.getFileName()).equals(images)
        && lowerCaseName(file).contains("label");
  }

  private void checkFolders() {
    for (Named folder : folders) {
      for (Named output : outputs) {
        if (isOwn(real(output.path), real(folder.path))) {
          throw new InvalidInputException(
              output + " is what the run itself writes into " + folder + "; name another file");
        }
      }
      for (Named input : Iterables.concat(inputs, images)) {
        if (isOwn(real(input.path), real(folder.path))) {
          throw new InvalidInputException(
              "%s is an input of this run, which may overwrite it in %s; name another folder"
                  .formatted(input, folder));
        }
      }
    }
  }

  /** Whether a run may write a file into its folder. */
  private static boolean isOwn(Path file, Path folder) {
    if (!file.startsWith(folder) || file.equals(folder)) {
      return false;
    }
    Path inside = folder.relativize(file);
    return OWN_FOLDERS.contains(inside.getName(0).toString())
        || (inside.getNameCount() == 1
            && (OWN_FILES.contains(inside.toString()) || inside.toString().endsWith(OWN_ENDING)));
  }

  private static boolean same(Path a, Path b) {
    try {
      return (Files.exists(a) && Files.exists(b))
          ? Files.isSameFile(a, b)
          : real(a).equals(real(b));
    } catch (IOException e) {
      // What cannot be looked at is reported by whoever reads it.
      return false;
    }
  }

  /** Pipes are written once; what a device swallows is no file that could be lost. */
  private static boolean isDevice(Path file) {
    return real(file).equals(Path.of("/dev/null"));
  }

  /** Without links, also of a file that does not exist yet. */
  private static Path real(Path file) {
    Path absolute = file.toAbsolutePath();
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      Path parent = absolute.getParent();
      Path name = absolute.getFileName();
      if (parent == null || name == null) {
        return absolute;
      }
      return real(parent).resolve(linkTarget(absolute, name)).normalize();
    }
  }

  /** A link that leads nowhere is written where it leads. */
  private static Path linkTarget(Path file, Path name) {
    try {
      return Files.isSymbolicLink(file) ? Files.readSymbolicLink(file) : name;
    } catch (IOException e) {
      return name;
    }
  }

  private static String lowerCaseName(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
  }
}
