package io.github.resnetensembles.internal.report;

import io.github.resnetensembles.LesionReport;
import java.util.List;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class Merging {
  private Merging() {}

  public static LesionReport merge(List<LesionReport> reports) {
    throw new UnsupportedOperationException("stub");
  }
}
