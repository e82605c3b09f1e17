package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import java.util.List;

/** What a report's errors are drawn against. */
enum Curve {
  /** The number of the one block that was deleted. */
  BLOCK("Error after deleting one block", "deleted block (number)"),
  /** How many blocks were deleted. */
  DELETED_BLOCKS("Error after deleting k blocks", "deleted blocks k (count)"),
  /** How many blocks were duplicated. */
  DUPLICATED_BLOCKS("Error after duplicating k blocks", "duplicated blocks k (count)"),
  /** How many blocks were drawn, for lesions of other kinds. */
  DRAWN("Error after k random changes", "random changes k (count)"),
  /** How far the order is from the original. */
  KENDALL_TAU(
      "Error after reordering blocks", "Kendall tau of the block order (1 = original order)"),
  /** A few lesions by their names. */
  LESIONS("Error by lesion", "lesion (dashed: the intact network)"),
  /** Many lesions in the order of the plan. */
  ROWS("Error by lesion", "lesion (row of the plan)");

  private static final int MAX_NAMED_LESIONS = 24;

  private final String title;
  private final String axis;

  Curve(String title, String axis) {
    this.title = title;
    this.axis = axis;
  }

  String title() {
    return title;
  }

  String axis() {
    return axis;
  }

  static Curve of(LesionReport report) {
    List<LesionRow> rows = report.rows();
    if (rows.size() > 1) {
      if (rows.stream().allMatch(row -> row.kendallTau().isPresent())) {
        return KENDALL_TAU;
      }
      if (rows.stream().allMatch(row -> row.planned().k().isPresent())) {
        return drawn(rows);
      }
      if (rows.stream().allMatch(Curve::deletesOnly)) {
        long counts = rows.stream().map(Curve::deletedCount).distinct().count();
        if (counts > 1) {
          return DELETED_BLOCKS;
        }
        if (deletedCount(rows.get(0)) == 1) {
          return BLOCK;
        }
      }
    }
    return rows.size() <= MAX_NAMED_LESIONS ? LESIONS : ROWS;
  }

  /** Where a row stands on the horizontal axis. */
  double position(LesionRow row, int index) {
    return switch (this) {
      case BLOCK -> ((Lesion.Delete) row.lesion()).blocks().iterator().next();
      case DELETED_BLOCKS, DUPLICATED_BLOCKS, DRAWN ->
          row.planned().k().orElseGet(() -> deletedCount(row));
      case KENDALL_TAU -> row.kendallTau().orElseThrow();
      case LESIONS, ROWS -> index + 1;
    };
  }

  private static Curve drawn(List<LesionRow> rows) {
    if (rows.stream().allMatch(row -> row.lesion() instanceof Lesion.Delete)) {
      return DELETED_BLOCKS;
    }
    return rows.stream().allMatch(row -> row.lesion() instanceof Lesion.Duplicate)
        ? DUPLICATED_BLOCKS
        : DRAWN;
  }

  private static boolean deletesOnly(LesionRow row) {
    return row.lesion() instanceof Lesion.Delete || row.lesion() instanceof Lesion.Intact;
  }

  private static int deletedCount(LesionRow row) {
    return row.lesion() instanceof Lesion.Delete delete ? delete.blocks().size() : 0;
  }
}
