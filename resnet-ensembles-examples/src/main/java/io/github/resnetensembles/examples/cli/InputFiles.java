package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.LesionPlan;
import io.github.resnetensembles.LesionReport;
import io.github.resnetensembles.examples.ResultFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads small text files that users name; every error says which file. */
final class InputFiles {
  /** A Java string's limit is near; no sensible plan or report comes close. */
  private static final long MAX_BYTES = 1L << 30;

  private InputFiles() {}

  static String text(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new InvalidInputException(
            "cannot read " + file + ": it has " + size + " bytes, more than " + MAX_BYTES);
      }
      return Files.readString(file, UTF_8);
    } catch (CharacterCodingException e) {
      throw new InvalidInputException("cannot read " + file + ": it is not UTF-8 text", e);
    } catch (IOException e) {
      throw new InvalidInputException("cannot read " + file + ": " + ResultFiles.reason(e), e);
    }
  }

  static List<String> lines(Path file) {
    return text(file).lines().toList();
  }

  static LesionReport report(Path file) {
    return parse(file, LesionReport::fromJson);
  }

  static LesionPlan plan(Path file) {
    return parse(file, LesionPlan::fromJson);
  }

  /** A JSON array of block numbers. */
  static int[] order(Path file) {
    List<Integer> order = new ArrayList<>();
    try (JsonReader reader = new JsonReader(new StringReader(text(file)))) {
      reader.setStrictness(Strictness.STRICT);
      reader.beginArray();
      while (reader.peek() == JsonToken.NUMBER) {
        order.add(reader.nextInt());
      }
      reader.endArray();
      if (reader.peek() == JsonToken.END_DOCUMENT) {
        return order.stream().mapToInt(Integer::intValue).toArray();
      }
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw noOrder(file, e);
    }
    throw noOrder(file, null);
  }

  private static InvalidInputException noOrder(Path file, @Nullable Exception cause) {
    return new InvalidInputException(
        file + " is no JSON array of block numbers such as [1,3,2]", cause);
  }

  private static <T> T parse(Path file, Function<String, T> reader) {
    String text = text(file);
    try {
      return reader.apply(text);
    } catch (InvalidInputException | IllegalArgumentException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
  }
}
