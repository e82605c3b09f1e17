package io.github.resnetensembles.result;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.internal.io.AtomicFiles;
import io.github.resnetensembles.internal.io.JsonMappings;
import java.nio.file.Path;

/**
 * What was measured, computed or trained. {@code Results.read}, in the room {@code report}, reads
 * any result back from its JSON. Implemented by this library alone.
 */
public interface Result {
  /** {@return what it is, as its JSON says it: {@code lesion-report}, say} */
  default String kind() {
    return JsonMappings.kind(getClass());
  }

  /** {@return where it comes from} */
  Provenance provenance();

  /** {@return this result as JSON, one line; machine facts stand under {@code provenance} only} */
  default String toJson() {
    return JsonMappings.write(this);
  }

  /**
   * Writes {@link #toJson()} to a file, in one atomic move.
   *
   * @param file the target; an existing file is replaced
   * @throws FileAccessException if it cannot be written
   */
  default void writeJson(Path file) {
    AtomicFiles.write(file, toJson());
  }
}
