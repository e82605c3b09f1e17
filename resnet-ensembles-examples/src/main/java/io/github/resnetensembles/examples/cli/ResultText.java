package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Evaluation;
import io.github.resnetensembles.LesionReport;
import io.github.resnetensembles.LesionRow;
import io.github.resnetensembles.Provenance;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results for people to read: one line for each row, the same for the same inputs and seed. */
final class ResultText {
  private static final int MAX_LESION_WIDTH = 40;

  private ResultText() {}

  static void print(Evaluation evaluation, PrintWriter out) {
    printSource(evaluation.provenance(), out);
    out.println(numbers(evaluation.row()));
  }

  static void print(LesionReport report, PrintWriter out) {
    printSource(report.provenance(), out);
    if (!report.excluded().isEmpty()) {
      out.println(
          "excluded blocks: "
              + report.excluded().stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    if (!report.complete()) {
      out.println("incomplete: not every row covers every image that was asked for");
    }
    int width =
        Stream.concat(Stream.of(report.baseline()), report.rows().stream())
            .mapToInt(row -> row.lesion().toString().length())
            .max()
            .orElse(0);
    width = Math.min(width, MAX_LESION_WIDTH);
    printRow(report.baseline(), width, out);
    for (LesionRow row : report.rows()) {
      printRow(row, width, out);
    }
  }

  static void printSource(Provenance provenance, PrintWriter out) {
    out.println(
        "network: "
            + provenance.architecture().name()
            + (provenance.trained() ? "" : ", untrained (initialised from a seed)"));
    out.println("data: " + provenance.data());
  }

  private static void printRow(LesionRow row, int width, PrintWriter out) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s", row.lesion()));
    line.append("  ").append(numbers(row));
    row.planned().k().ifPresent(k -> line.append("  k ").append(k));
    row.planned().draw().ifPresent(draw -> line.append("  draw ").append(draw));
    row.kendallTau()
        .ifPresent(tau -> line.append(String.format(Locale.ROOT, "  Kendall tau %.4f", tau)));
    out.println(line);
  }

  private static String numbers(LesionRow row) {
    String text =
        String.format(
            Locale.ROOT,
            "error %6.2f %%  wrong %d of %d  loss %s",
            100 * row.errorRate(),
            row.wrong(),
            row.total(),
            loss(row.loss()));
    return row.nonFinite() == 0
        ? text
        : text + "  " + row.nonFinite() + " images without finite numbers";
  }

  private static String loss(OptionalDouble loss) {
    return loss.isPresent() ? String.format(Locale.ROOT, "%.6f", loss.getAsDouble()) : "not finite";
  }
}
