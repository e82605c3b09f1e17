package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import java.util.BitSet;
import java.util.List;

/** Which lesioned networks are members of an ensemble: see EnsembleAnalysis.fitMembers(). */
final class FitMembers {
  private FitMembers() {}

  static List<Lesion> of(LesionReport study, BitSet records) {
    BitSet looked = study.baseline().records();
    looked.and(records);
    if (looked.isEmpty()) {
      throw new InvalidInputException(
          "the study has no image of the records that members are chosen by; name some that it has");
    }
    double chance = 1 - 1.0 / study.provenance().architecture().head().classes();
    double intact = errorRate(study.baseline(), looked);
    return study.rows().stream()
        .filter(row -> intact < chance && errorRate(row, looked) < (intact + chance) / 2)
        .map(LesionRow::lesion)
        .toList();
  }

  private static double errorRate(LesionRow row, BitSet looked) {
    BitSet missing = (BitSet) looked.clone();
    missing.andNot(row.records());
    if (!missing.isEmpty()) {
      throw new InvalidInputException(
          "the row %s lacks images that the intact network has; merge the shards that are missing"
              .formatted(row.lesion()));
    }
    BitSet wrong = (BitSet) looked.clone();
    wrong.andNot(row.correctRecords());
    return (double) wrong.cardinality() / looked.cardinality();
  }
}
