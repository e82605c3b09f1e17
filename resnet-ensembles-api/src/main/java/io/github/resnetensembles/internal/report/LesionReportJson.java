package io.github.resnetensembles.internal.report;

import io.github.resnetensembles.LesionReport;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class LesionReportJson {
  private LesionReportJson() {}

  public static LesionReport parse(String json) {
    throw new UnsupportedOperationException("stub");
  }

  public static String write(LesionReport report) {
    throw new UnsupportedOperationException("stub");
  }
}
