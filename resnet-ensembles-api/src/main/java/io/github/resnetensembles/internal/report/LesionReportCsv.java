package io.github.resnetensembles.internal.report;

import io.github.resnetensembles.LesionReport;

/** Stub. */
@SuppressWarnings("DoNotCallSuggester")
public final class LesionReportCsv {
  private LesionReportCsv() {}

  public static String write(LesionReport report) {
    throw new UnsupportedOperationException("stub");
  }
}
