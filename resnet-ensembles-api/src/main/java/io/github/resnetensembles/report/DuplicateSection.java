package io.github.resnetensembles.report;

import java.util.List;

/** Duplicating blocks. */
final class DuplicateSection {
  private static final String NOUN = "blocks duplicated";

  private DuplicateSection() {}

  static void write(Networks networks, Draft draft) {
    List<DamageCurve> curves = DamageCurve.all(networks, Study.DUPLICATE);
    if (curves.isEmpty()) {
      return;
    }
    curves.forEach(curve -> draft.say(curve.finding(NOUN)));
    draft.say(
        ("In the authors' network of 54 blocks the median error is %s duplicated"
                + " (their code; not in the paper).")
            .formatted(Published.medians("duplicate_k", "block", 1, 5, 10)));
    draft.add(figure(curves));
    draft.add(DamageCurve.table("duplicate-means", "Mean error with duplicates", NOUN, curves));
    Published.compare(draft, "duplicate-published", curves);
  }

  static Figure figure(List<DamageCurve> curves) {
    return DamageCurve.figure("duplicate", "Error with blocks duplicated", NOUN, curves);
  }
}
