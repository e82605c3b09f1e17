package io.github.resnetensembles.images;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.Names;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The classes of a network in their order, and what they are called. */
final class ClassNames {
  private final String source;
  private final int size;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();

  private ClassNames(String source, int size) {
    this.source = source;
    this.size = size;
  }

  /** Names that are all different, in order. */
  static ClassNames of(String source, List<String> names) {
    ClassNames classes = new ClassNames(source, names.size());
    for (int i = 0; i < names.size(); i++) {
      if (classes.numbers.putIfAbsent(names.get(i), i) != null) {
        classes.ambiguous.add(names.get(i));
      }
    }
    return classes;
  }

  /**
   * The lines of a file. Where all first words differ, they name the classes too.
   *
   * @throws InvalidImagesException if there are fewer than 2
   */
  static ClassNames read(Path file) {
    List<String> lines = TextLines.read(file);
    if (lines.size() < 2) {
      throw new InvalidImagesException(
          DataFiles.show(file) + " has one line; give one for each class, at least 2");
    }
    ClassNames classes = of(DataFiles.show(file), lines);
    List<String> words = lines.stream().map(line -> line.split("\\s+", 2)[0]).toList();
    if (new HashSet<>(words).size() == words.size()) {
      for (int i = 0; i < words.size(); i++) {
        classes.numbers.put(words.get(i), i);
      }
    }
    return classes;
  }

  int size() {
    return size;
  }

  /**
   * The number of a class.
   *
   * @throws InvalidImagesException if several have the name
   */
  OptionalInt number(String name) {
    Integer number = numbers.get(name);
    if (number == null) {
      return OptionalInt.empty();
    }
    if (ambiguous.contains(name)) {
      throw new InvalidImagesException(
          "%s has several classes with the name '%s'; number them, or give each another name"
              .formatted(source, Names.shorten(name)));
    }
    return OptionalInt.of(number);
  }

  /** What holds the classes. */
  String source() {
    return source;
  }
}
