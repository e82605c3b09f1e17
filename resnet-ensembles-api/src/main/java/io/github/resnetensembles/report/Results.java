package io.github.resnetensembles.report;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.result.Result;
import java.nio.file.Path;

/** Reads results of any kind. */
public interface Results {
  /**
   * Reads what {@link Result#writeJson} wrote, whatever the kind of the result.
   *
   * @param file a result of this version or an older one
   * @return an equal result
   * @throws InvalidJsonException if it is no result that can be read, or of an unknown schema
   * @throws FileAccessException if it cannot be read
   */
  static Result read(Path file) {
    return ResultKind.read(file);
  }

  /**
   * Reads what {@link Result#toJson} gave, whatever the kind of the result.
   *
   * @param json the text
   * @return an equal result
   * @throws InvalidJsonException if it is no result that can be read, or of an unknown schema
   */
  static Result fromJson(String json) {
    return ResultKind.read(json, "the result");
  }
}
