package io.github.resnetensembles.lesion;

import java.util.List;

/** Rows in the order of merged reports, for tests of other packages. */
public final class SortedRows {
  private SortedRows() {}

  public static List<PlannedLesion> of(List<PlannedLesion> rows) {
    return LesionOrder.sorted(rows, row -> row);
  }
}
