package io.github.resnetensembles.internal.figure;

import io.github.resnetensembles.LesionReport;

/** A lesion report with what readers call it. */
interface LabelledStudy {
  String label();

  LesionReport report();
}
