package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import java.util.List;
import java.util.Optional;

/** What the rows of a lesion report do. */
enum Study {
  DELETE_ONE("delete-one"),
  DELETE_ONE_SKIP("delete-one-skip"),
  DELETE_MANY("delete-many"),
  REORDER("reorder"),
  DUPLICATE("duplicate");

  /** What files are called after it. */
  final String fileName;

  Study(String fileName) {
    this.fileName = fileName;
  }

  /** Empty where rows are mixed, or of no study that a report has a section for. */
  static Optional<Study> find(LesionReport report) {
    try {
      return Optional.of(of(report));
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  static Study of(LesionReport report) {
    List<LesionRow> rows = report.rows();
    long drawn = rows.stream().filter(row -> row.planned().draw().isPresent()).count();
    if (drawn > 0 && drawn < rows.size()) {
      throw new InvalidInputException(
          ("%s of its %s rows were drawn at random and the others were not, so that they"
                  + " are no one study; join the plans with LesionPlan.join before they are run,"
                  + " or report them one by one")
              .formatted(drawn, rows.size()));
    }
    for (Study study : values()) {
      if (study.fits(rows)) {
        return study;
      }
    }
    throw new InvalidInputException(
        ("its rows, of which the first is %s, are of no study that a report has a"
                + " section for: deleting blocks or skip connections, reordering and"
                + " duplicating; leave it out, or run one of these")
            .formatted(rows.get(0).lesion()));
  }

  boolean fits(List<LesionRow> rows) {
    return rows.stream().allMatch(this::fits);
  }

  private boolean fits(LesionRow row) {
    Lesion lesion = row.lesion();
    return switch (this) {
      case DELETE_ONE ->
          row.planned().k().isEmpty()
              && lesion.deletedBlocks().filter(deleted -> deleted.size() == 1).isPresent();
      case DELETE_ONE_SKIP ->
          lesion instanceof Lesion.DeleteSkip delete && delete.blocks().size() == 1;
      case DELETE_MANY -> lesion.deletedBlocks().isPresent();
      case REORDER -> row.kendallTau().isPresent();
      case DUPLICATE -> lesion instanceof Lesion.Duplicate;
    };
  }

  /** How many blocks or pairs a row damages: what was drawn, or what it names. */
  static int damage(LesionRow row) {
    if (row.planned().k().isPresent()) {
      return row.planned().k().getAsInt();
    }
    if (row.lesion().deletedBlocks().isPresent()) {
      return row.lesion().deletedBlocks().get().size();
    }
    if (row.lesion() instanceof Lesion.DeleteSkip delete) {
      return delete.blocks().size();
    }
    if (row.lesion() instanceof Lesion.Duplicate duplicate) {
      return duplicate.blocks().size();
    }
    if (row.lesion() instanceof Lesion.Swap swap) {
      return swap.pairs().size();
    }
    return 0;
  }
}
