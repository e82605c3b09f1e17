package io.github.resnetensembles.examples;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.Provenance;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToIntFunction;

/** Hand-made reports: two classes, the first images of each wrong, a loss of 1 nat each. */
public final class Reports {
  private Reports() {}

  /** A report in which {@code wrong} images fail in each row, and {@code baseline} intact. */
  public static LesionReport of(
      Architecture architecture,
      LesionPlan.Builder plan,
      int total,
      int baseline,
      ToIntFunction<PlannedLesion> wrong) {
    return of(architecture, plan.build(architecture), total, baseline, wrong);
  }

  /** The same of a plan that was drawn before. */
  public static LesionReport of(
      Architecture architecture,
      LesionPlan drawn,
      int total,
      int baseline,
      ToIntFunction<PlannedLesion> wrong) {
    List<LesionRow> rows = new ArrayList<>();
    for (PlannedLesion planned : drawn.rows()) {
      rows.add(row(architecture, planned, total, wrong.applyAsInt(planned)));
    }
    return new LesionReport(
        Lesion.intact(),
        row(architecture, PlannedLesion.of(Lesion.intact()), total, baseline),
        rows,
        List.copyOf(Exclusion.none().blocks(architecture)),
        new Cost(1, 2),
        List.of(new RecordRange(0, total)),
        provenance(architecture, true));
  }

  public static Evaluation evaluation(int total, int wrong, boolean trained) {
    Architecture architecture = Architecture.resnet(8);
    return new Evaluation(
        row(architecture, PlannedLesion.of(Lesion.intact()), total, wrong),
        provenance(architecture, trained));
  }

  public static Provenance provenance(Architecture architecture, boolean trained) {
    return Provenance.builder("a".repeat(64), architecture, "b".repeat(64), "hand-made images")
        .trained(trained)
        .batchSize(50)
        .build();
  }

  private static LesionRow row(
      Architecture architecture, PlannedLesion planned, int total, int wrong) {
    BitSet correct = new BitSet();
    correct.set(wrong, total);
    byte[] bits = java.util.Arrays.copyOf(correct.toByteArray(), (total + 7) / 8);
    int firstClass = total / 2;
    int wrongFirst = Math.min(wrong, firstClass);
    Tally tally =
        new Tally(
            0,
            total,
            wrong,
            0,
            BigInteger.ONE.shiftLeft(32).multiply(BigInteger.valueOf(total)),
            List.of(firstClass, total - firstClass),
            List.of(wrongFirst, wrong - wrongFirst),
            Base64.getEncoder().encodeToString(bits));
    return new LesionRow(planned, planned.lesion().applyTo(architecture).order(), List.of(tally));
  }
}
