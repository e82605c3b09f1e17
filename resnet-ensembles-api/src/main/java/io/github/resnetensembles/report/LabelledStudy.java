package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.LesionReport;

/** A lesion report with what readers call it. */
interface LabelledStudy {
  String label();

  LesionReport report();
}
