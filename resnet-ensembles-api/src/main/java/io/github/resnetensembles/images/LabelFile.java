package io.github.resnetensembles.images;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The labels of the images of one folder: on each line an image's name and its label, or labels
 * alone in the order of the images' names.
 */
final class LabelFile {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  /** A tab; else a comma; else blanks. */
  private static final List<Pattern> SEPARATORS =
      List.of(
          Pattern.compile("\\s*\\t\\s*"), Pattern.compile("\\s*,\\s*"), Pattern.compile("\\s+"));

  private final Path file;
  private final @Nullable ClassNames classes;
  private final OptionalInt classCount;

  LabelFile(Path file, @Nullable ClassNames classes, OptionalInt classCount) {
    this.file = file;
    this.classes = classes;
    this.classCount = classes == null ? classCount : OptionalInt.of(classes.size());
  }

  /**
   * The label of each image.
   *
   * @param names the images' paths below the folder, sorted
   * @throws InvalidImagesException if an image has none, or one that is no class
   */
  Labels labels(List<String> names) {
    List<String> lines = TextLines.read(file);
    List<String> texts = isLabel(lines.get(0)) ? inOrder(lines, names) : byName(lines, names);
    int[] labels = new int[texts.size()];
    boolean numbers = true;
    for (int i = 0; i < labels.length; i++) {
      labels[i] = label(texts.get(i), names.get(i));
      numbers &= NUMBER.matcher(texts.get(i)).matches();
    }
    int largest = Arrays.stream(labels).max().orElseThrow();
    int count = classCount.orElse(Math.max(2, largest + 1));
    if (numbers) {
      checkNumbers(labels, count);
    }
    return new Labels(List.copyOf(Arrays.stream(labels).boxed().toList()), count);
  }

  /**
   * What the file says.
   *
   * @param labels of the images, in their order
   * @param classes how many there are
   */
  record Labels(List<Integer> labels, int classes) {}

  private boolean isLabel(String text) {
    return NUMBER.matcher(text).matches() || (classes != null && classes.number(text).isPresent());
  }

  private List<String> inOrder(List<String> lines, List<String> names) {
    if (lines.size() != names.size()) {
      throw new InvalidImagesException(
          ("%s has %s labels, but there are %s images; give one label for each, in the order of"
                  + " their names, or lines of name and label")
              .formatted(DataFiles.show(file), lines.size(), names.size()));
    }
    return lines;
  }

  private List<String> byName(List<String> lines, List<String> names) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String[] parts = split(lines.get(i));
      if (parts.length < 2) {
        throw new InvalidImagesException(
            "line %s of %s, '%s', is neither a label nor a name and a label"
                .formatted(i + 1, DataFiles.show(file), Names.shorten(lines.get(i))));
      }
      if (labels.put(parts[0], parts[1]) != null) {
        throw new InvalidImagesException(
            "line %s of %s names %s again; give each image one label"
                .formatted(i + 1, DataFiles.show(file), Names.shorten(parts[0])));
      }
    }
    List<String> texts = new ArrayList<>();
    for (String name : names) {
      @Nullable String label = labels.remove(name);
      if (label == null) {
        throw new InvalidImagesException(
            "%s has no label for the image %s; add a line, or move the image away"
                .formatted(DataFiles.show(file), Names.shorten(name)));
      }
      texts.add(label);
    }
    if (!labels.isEmpty()) {
      throw new InvalidImagesException(
          ("%s names %s, which is no image of the folder (%s such lines); give the names as paths"
                  + " below the folder, with their endings")
              .formatted(
                  DataFiles.show(file),
                  Names.shorten(labels.keySet().stream().sorted().findFirst().orElseThrow()),
                  labels.size()));
    }
    return texts;
  }

  private static String[] split(String line) {
    for (Pattern separator : SEPARATORS) {
      String[] parts = separator.split(line, 2);
      if (parts.length == 2) {
        return parts;
      }
    }
    return new String[] {line};
  }

  private int label(String text, String name) {
    if (NUMBER.matcher(text).matches()) {
      return Integer.parseInt(text);
    }
    if (classes == null) {
      throw new InvalidImagesException(
          ("%s gives %s the label '%s', which is no number from 0; say which classes there are"
                  + " (--classes FILE, FolderOptions.classes)")
              .formatted(DataFiles.show(file), Names.shorten(name), Names.shorten(text)));
    }
    return classes
        .number(text)
        .orElseThrow(
            () ->
                new InvalidImagesException(
                    "%s gives %s the label '%s', which %s does not name"
                        .formatted(
                            DataFiles.show(file),
                            Names.shorten(name),
                            Names.shorten(text),
                            classes.source())));
  }

  private void checkNumbers(int[] labels, int count) {
    int smallest = Arrays.stream(labels).min().orElseThrow();
    int largest = Arrays.stream(labels).max().orElseThrow();
    if (smallest == 1 && largest == count) {
      throw new InvalidImagesException(
          ("the labels of %s are 1 to %s, and labels are 0 to %s: it may be ImageNet's ground truth"
                  + " in the order of its development kit; give names of classes instead, and"
                  + " --classes FILE with the names in the network's order")
              .formatted(DataFiles.show(file), largest, count - 1));
    }
    if (largest >= count) {
      throw new InvalidImagesException(
          "%s has the label %s; the labels of %s classes are 0 to %s"
              .formatted(DataFiles.show(file), largest, count, count - 1));
    }
  }
}
