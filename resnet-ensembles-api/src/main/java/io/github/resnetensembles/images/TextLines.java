package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.Unreadable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small text files beside images. */
final class TextLines {
  private static final long MOST_BYTES = 1 << 29;

  private TextLines() {}

  /**
   * The lines of a file, without blanks around them; empty ones at the end are left out.
   *
   * @throws InvalidImagesException if it is no text, has an empty line before others, or none at
   *     all
   * @throws io.github.resnetensembles.FileAccessException if it cannot be read
   */
  static List<String> read(Path file) {
    if (DataFiles.size(file) > MOST_BYTES) {
      throw new InvalidImagesException(
          "%s has more than %s bytes; give a text file"
              .formatted(DataFiles.show(file), MOST_BYTES));
    }
    byte[] bytes =
        DataFiles.read(
            file,
            () -> {
              Unreadable.requireRegular(file);
              return Files.readAllBytes(file);
            });
    List<String> lines = text(file, bytes).stripTrailing().lines().map(String::strip).toList();
    if (lines.isEmpty()) {
      throw new InvalidImagesException(DataFiles.show(file) + " is empty; give one line for each");
    }
    int empty = lines.indexOf("");
    if (empty >= 0) {
      throw new InvalidImagesException(
          "line %s of %s is empty; remove it".formatted(empty + 1, DataFiles.show(file)));
    }
    return lines;
  }

  private static String text(Path file, byte[] bytes) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidImagesException(
          DataFiles.show(file) + " is no text in UTF-8; give one line for each", e);
    }
  }
}
