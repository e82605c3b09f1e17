package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.examples.GoldenFiles;
import io.github.resnetensembles.examples.Reports;
import io.github.resnetensembles.lesion.BlockValue;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The JSON and CSV that commands write themselves keep their bytes. */
class FormatsTest {
  private static final double[][] LOGITS = {{1.5, Double.NaN}, {-0.0, 3}};

  @Test
  void paths() throws IOException {
    PathTable all = PathTable.of(PathEnumerator.of(3), null, OptionalInt.empty());
    GoldenFiles.check("paths.json", versionless(all));
    GoldenFiles.check("paths.csv", all.csv());
    PathTable asked =
        PathTable.of(PathEnumerator.of(Architecture.plain(8)), new Range(1, 2), OptionalInt.of(1));
    GoldenFiles.check("paths-left.json", versionless(asked));
    GoldenFiles.check("paths-left.csv", asked.csv());
  }

  private static String versionless(PathTable table) {
    return table.json().replace(VersionProvider.version(), "VERSION");
  }

  @Test
  void evaluations() throws IOException {
    var evaluation = Reports.evaluation(20, 12, true);
    GoldenFiles.check("evaluation.json", EvaluationText.json(evaluation, new double[0][], true));
    GoldenFiles.check("evaluation-logits.json", EvaluationText.json(evaluation, LOGITS, true));
    GoldenFiles.check("evaluation-partial.json", EvaluationText.json(evaluation, LOGITS, false));
    GoldenFiles.check("evaluation.csv", EvaluationText.csv(evaluation));
  }

  @Test
  void interruptedValues() throws IOException {
    LesionReport report =
        Reports.of(Architecture.resnet(8), LesionPlan.deleteSubsets(), 20, 2, planned -> 5);
    Estimate estimate = new Estimate(0.25, new Interval(0.125, 0.5, 0.95));
    GoldenFiles.check(
        "block-values-partial.json",
        PartialJson.of(
            new BlockValues(
                Payoff.ACCURACY,
                true,
                0,
                0.9,
                0.1,
                List.of(new BlockValue(1, estimate, estimate, Optional.empty())),
                List.of(),
                report)));
  }
}
