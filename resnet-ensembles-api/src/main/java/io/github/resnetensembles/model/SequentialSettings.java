package io.github.resnetensembles.model;

import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.lesion.SequentialReport.Design;
import io.github.resnetensembles.lesion.SequentialStudy;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A sequential study in the making.
 *
 * @param study what is drawn, and how batches are run
 * @param ofBlocks whether the width is that of Shapley values
 */
record SequentialSettings(
    StudySettings study, double width, OptionalLong mostCost, boolean ofBlocks)
    implements SequentialStudy {
  /** Fewer batches say too little of their variance. */
  private static final int MIN_BATCHES = 50;

  /** In one image, images and draws cannot be told apart. */
  private static final int MIN_BATCH_SIZE = 2;

  @Override
  public SequentialStudy budget(long blockEvaluations) {
    if (blockEvaluations < 1) {
      throw new InvalidLesionException(
          "a budget has at least 1 block evaluation, got " + blockEvaluations);
    }
    return new SequentialSettings(study, width, OptionalLong.of(blockEvaluations), ofBlocks);
  }

  @Override
  public SequentialStudy shapley() {
    String orders = LesionPlan.deleteInRandomOrder().description();
    String drawn = study.drawnForEachK().description();
    if (!drawn.equals(orders)) {
      throw new InvalidLesionException(
          "Shapley values are drawn by the plan deleteInRandomOrder(), to %s; the study's is to %s"
              .formatted(orders, drawn));
    }
    return new SequentialSettings(study, width, mostCost, true);
  }

  @Override
  public Design design(ImageSet given) {
    ImageSet images = Pixels.labelled(given, study.open().architecture());
    int least = MIN_BATCHES * MIN_BATCH_SIZE;
    if (images.size() < least) {
      throw new InvalidLesionException(
          "intervals of a given width need at least %s images, in batches that are independent, got %s; take draws(...) on all of them"
              .formatted(least, images.size()));
    }
    LesionPlan plan = study.drawnForEachK().build(study.open().architecture());
    return new Design(
        plan.description(),
        width,
        mostCost,
        study.drawSeed(),
        RecordRange.of(images),
        Math.min(study.options().batchSize(), images.size() / MIN_BATCHES),
        ofBlocks);
  }

  @Override
  public SequentialReport run(ImageSet images) {
    return run(images, Optional.empty(), Optional.empty());
  }

  @Override
  public SequentialReport run(ImageSet images, Rounds rounds) {
    return run(images, Optional.empty(), Optional.of(rounds));
  }

  @Override
  public SequentialReport resume(ImageSet images, SequentialReport before) {
    return run(images, Optional.of(before), Optional.empty());
  }

  private SequentialReport run(
      ImageSet given, Optional<SequentialReport> before, Optional<Rounds> rounds) {
    ImageSet images = Pixels.labelled(given, study.open().architecture());
    Design design = design(images);
    before.ifPresent(known -> requireSame(design, known.design()));
    return study
        .open()
        .use(network -> new SequentialRunner(network, study, design, images, before, rounds).run());
  }

  private static void requireSame(Design design, Design before) {
    Design asked =
        new Design(
            before.plan(),
            design.width(),
            design.budget(),
            before.seed(),
            before.records(),
            before.batchSize(),
            design.shapley());
    if (!asked.equals(design)) {
      throw new InvalidLesionException(
          "the earlier result cannot be gone on from, for it is of another design: %s, seed %s, records %s in batches of %s; now %s, seed %s, records %s in batches of %s"
              .formatted(
                  before.plan(),
                  before.seed(),
                  before.records(),
                  before.batchSize(),
                  design.plan(),
                  design.seed(),
                  design.records(),
                  design.batchSize()));
    }
  }
}
