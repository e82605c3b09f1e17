package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.report.Results;
import io.github.resnetensembles.result.Result;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a task sends to the driver: why it failed, or its result, or neither if the store has that.
 *
 * @param key of the task
 * @param failure what it said
 * @param json the result, compressed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Outcome(String key, @Nullable String failure, byte @Nullable [] json)
    implements Serializable {
  static Outcome stored(String key) {
    return new Outcome(key, null, null);
  }

  static Outcome failed(String key, RuntimeException failure) {
    String message = failure.getMessage();
    return new Outcome(key, message == null ? failure.toString() : message, null);
  }

  static Outcome of(String key, Result result) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(result.toJson().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("memory keeps what is written", e);
    }
    return new Outcome(key, null, bytes.toByteArray());
  }

  /** The result, if it was sent. */
  @Nullable Result result() {
    if (json == null) {
      return null;
    }
    try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(json))) {
      return Results.fromJson(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the result of the task " + key + " is damaged", e);
    }
  }

  /** How many bytes the result has that was sent. */
  long size() {
    return json == null ? 0 : json.length;
  }
}
