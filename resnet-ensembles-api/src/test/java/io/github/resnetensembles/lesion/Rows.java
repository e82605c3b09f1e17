package io.github.resnetensembles.lesion;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Provenance;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Hand-made reports. Classes of images alternate between two. */
public final class Rows {
  private Rows() {}

  public static LesionReport report(
      Architecture architecture, int images, BitSet baseline, List<LesionRow> rows) {
    return new LesionReport(
        Lesion.intact(),
        row(PlannedLesion.of(Lesion.intact()), images, baseline),
        rows,
        List.of(),
        new Cost(1, 2),
        List.of(new RecordRange(0, images)),
        Provenance.builder("a".repeat(64), architecture, "b".repeat(64), "hand-made images")
            .trained(true)
            .dataset(Optional.of(KnownDataset.CIFAR_10))
            .batchSize(50)
            .build());
  }

  public static LesionRow row(PlannedLesion planned, int images, BitSet wrong) {
    return row(planned, images, wrong, 1);
  }

  /** A row with a mean loss in nats. */
  public static LesionRow row(PlannedLesion planned, int images, BitSet wrong, double loss) {
    int[] classWrong = new int[2];
    wrong.stream().forEach(image -> classWrong[image % 2]++);
    BitSet correct = (BitSet) wrong.clone();
    correct.flip(0, images);
    return new LesionRow(
        planned,
        List.of(),
        List.of(
            new Tally(
                0,
                images,
                wrong.cardinality(),
                0,
                Tallies.units(loss).multiply(BigInteger.valueOf(images)),
                List.of((images + 1) / 2, images / 2),
                List.of(classWrong[0], classWrong[1]),
                Tallies.encode(correct, images))));
  }

  /** A row of a network whose blocks a lesion reorders. */
  public static LesionRow reordered(
      PlannedLesion planned, Architecture architecture, int images, BitSet wrong) {
    return new LesionRow(
        planned,
        planned.lesion().applyTo(architecture).steps().stream().map(Wiring.Step::block).toList(),
        row(planned, images, wrong).tallies());
  }

  public static PlannedLesion drawn(Lesion lesion, int k, int draw) {
    return new PlannedLesion(lesion, OptionalInt.of(k), OptionalInt.of(draw), OptionalLong.of(0));
  }

  public static BitSet bits(int... images) {
    BitSet bits = new BitSet();
    for (int image : images) {
      bits.set(image);
    }
    return bits;
  }
}
