package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Throwables;
import com.google.common.primitives.Bytes;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.Results;
import io.github.resnetensembles.result.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads text files that users name; every error says which file. A file is read until it ends,
 * whatever its size is said to be, so that pipes can be read and endless devices are refused.
 */
final class InputFiles {
  /** A Java string's limit is near; no sensible plan or report comes close. */
  private static final int MAX_RESULT_BYTES = 1 << 30;

  /** An order or a list of rules is a matter of some kB. */
  private static final int MAX_LIST_BYTES = 1 << 20;

  private static final int CHUNK_BYTES = 1 << 16;

  private InputFiles() {}

  /** The commands read all that they are given before they work. */
  private static String given(Path file, int maxBytes) {
    return UnusableFileException.beforeWork(() -> text(file, maxBytes));
  }

  /**
   * Reads on a thread of its own, which is left alone when the caller is interrupted: a pipe
   * without a writer blocks in the system's open(2), out of which Java cannot wake a thread. It is
   * a daemon, which does not hold the JVM's end up.
   */
  private static String text(Path file, int maxBytes) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(file);
    }
    FutureTask<String> reading = new FutureTask<>(() -> read(file, maxBytes));
    Thread thread = new Thread(reading, "reading " + file);
    thread.setDaemon(true);
    thread.start();
    try {
      return reading.get();
    } catch (InterruptedException e) {
      boolean unused = reading.cancel(true);
      Thread.currentThread().interrupt();
      throw interrupted(file);
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file, int maxBytes) {
    try (InputStream in = Files.newInputStream(file)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (Bytes.indexOf(read == chunk.length ? chunk : Arrays.copyOf(chunk, read), (byte) 0)
            >= 0) {
          throw new InvalidInputException(
              "cannot read " + file + ": it has bytes of value 0, so it is no text");
        }
        if (bytes.size() + read > maxBytes) {
          throw new InvalidInputException(
              "cannot read " + file + ": it has more than " + maxBytes + " bytes");
        }
        bytes.write(chunk, 0, read);
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidInputException("cannot read " + file + ": it is not UTF-8 text", e);
    } catch (IOException e) {
      throw FileAccessException.reading(file, e);
    }
  }

  private static RunInterruptedException interrupted(Path file) {
    return new RunInterruptedException("interrupted while " + file + " was read");
  }

  static List<String> lines(Path file) {
    return given(file, MAX_LIST_BYTES).lines().toList();
  }

  static Result result(Path file) {
    return parse(file, Results::fromJson);
  }

  static LesionPlan plan(Path file) {
    return parse(file, LesionPlan::fromJson);
  }

  static SequentialReport sequence(Path file) {
    return parse(file, SequentialReport::fromJson);
  }

  static Architecture architecture(Path file) {
    return parse(file, Architecture::fromJson);
  }

  /** A JSON array of block numbers. */
  static int[] order(Path file) {
    List<Integer> order = new ArrayList<>();
    try (JsonReader reader = new JsonReader(new StringReader(given(file, MAX_LIST_BYTES)))) {
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
    String text = given(file, MAX_RESULT_BYTES);
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
  }
}
