package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.RenameRules;
import java.util.List;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class RenameParser {
  private RenameParser() {}

  public static RenameRules parse(List<String> lines) {
    throw new UnsupportedOperationException("stub");
  }
}
