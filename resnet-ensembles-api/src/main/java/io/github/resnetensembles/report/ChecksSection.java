package io.github.resnetensembles.report;

import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.model.Verification;
import io.github.resnetensembles.model.Verification.Check;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.PathCounts;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.training.TrainingHistory;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was checked, and what was not. */
final class ChecksSection {
  /** Sums of so many values of magnitude 1 round by less. */
  private static final double ROUNDING = 1e-9;

  private record Line(
      String network, String what, int times, double deviation, double limit, boolean passed) {}

  private ChecksSection() {}

  static void write(Networks networks, Draft draft) {
    List<Line> lines = new ArrayList<>();
    for (Of<Verification> of : networks.results(Verification.class)) {
      verification(of.label(), of.result(), lines);
    }
    for (Of<PathGradients> of : networks.results(PathGradients.class)) {
      of.result()
          .residual()
          .ifPresent(
              residual ->
                  lines.add(
                      line(
                          of.label(),
                          "the sums over path lengths are the ordinary gradient",
                          of.result().batches().size(),
                          residual,
                          PathGradients.MAX_RESIDUAL)));
    }
    for (Of<BlockValues> of : networks.results(BlockValues.class)) {
      lines.add(
          line(
              of.label(),
              "the Shapley values add up to v(all) - v(none)",
              1,
              BlockValuesSection.efficiencyError(of.result()),
              ROUNDING));
    }
    lines.add(counts(networks, networks.main().architecture()));
    long failed = lines.stream().filter(line -> !line.passed()).count();
    draft.say(
        "%s of checks %s made; "
                .formatted(Say.count(lines.size(), "kind"), lines.size() == 1 ? "was" : "were")
            + (failed == 0
                ? "all passed."
                : failed + " failed: the numbers are not to be trusted."));
    draft.say("Not checked: " + String.join("; ", unchecked(networks)) + ".");
    draft.add(table(lines));
  }

  private static Line line(String network, String what, int times, double deviation, double limit) {
    return new Line(network, what, times, deviation, limit, deviation <= limit);
  }

  private static void verification(String network, Verification verification, List<Line> lines) {
    Map<String, List<Check>> byName = new LinkedHashMap<>();
    verification
        .checks()
        .forEach(
            check -> byName.computeIfAbsent(check.name(), name -> new ArrayList<>()).add(check));
    byName.forEach(
        (name, checks) ->
            lines.add(
                new Line(
                    network,
                    name,
                    checks.size(),
                    checks.stream().mapToDouble(Check::deviation).reduce(0, Math::max),
                    checks.get(0).limit(),
                    checks.stream().allMatch(Check::passed))));
  }

  private static Line counts(Networks networks, Architecture architecture) {
    PathCounts lengths =
        PathEnumerator.of(architecture, networks.main().base().applyTo(architecture)).lengths();
    BigInteger sum = BigInteger.ZERO;
    for (int length = lengths.shortest(); length <= lengths.longest(); length++) {
      sum = sum.add(lengths.count(length));
    }
    return line(
        networks.main().label(),
        "the paths of all lengths add up to all paths, exactly",
        1,
        sum.subtract(lengths.total()).doubleValue(),
        0);
  }

  private static List<String> unchecked(Networks networks) {
    List<String> unchecked = new ArrayList<>();
    List<Of<Verification>> verifications = networks.results(Verification.class);
    List<String> unverified =
        networks.all().stream()
            .filter(network -> network.all(Verification.class).isEmpty())
            .map(NetworkResults::label)
            .toList();
    if (!unverified.isEmpty()) {
      unchecked.add(
          ("whether the blocks, run one by one, are the whole network, for %s"
                  + " (ResidualModel.verify does it)")
              .formatted(Say.list(unverified)));
    }
    if (verifications.stream().allMatch(of -> of.result().parity().compared() == 0)) {
      unchecked.add("the logits against those of another implementation");
    }
    for (Of<PathGradients> of : networks.results(PathGradients.class)) {
      if (of.result().residual().isEmpty()) {
        unchecked.add(
            ("the sampled gradients of %s against the ordinary gradient, since single"
                    + " paths do not add up to it")
                .formatted(of.label()));
      }
    }
    unchecked.add(
        networks.results(TrainingHistory.class).size() > 1
            ? "how the numbers would vary from training to training, but where several seeds are"
                + " said"
            : "how the numbers would vary from training to training");
    return unchecked;
  }

  private static ReportTable table(List<Line> lines) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Line line : lines) {
      rows.add(
          List.of(
              Cells.words(line.network()),
              Cells.words(line.what()),
              Cells.integer(line.times()),
              Double.isFinite(line.deviation())
                  ? Cell.of(line.deviation(), Say.format("%.1e", line.deviation()))
                  : Cells.words("not a number"),
              Cell.of(line.limit(), Say.format("%.1e", line.limit())),
              Cells.words(line.passed() ? "passed" : "failed")));
    }
    return new ReportTable(
        "checks",
        "What was checked",
        List.of("network", "check", "times", "largest deviation", "limit", "result"),
        rows);
  }
}
