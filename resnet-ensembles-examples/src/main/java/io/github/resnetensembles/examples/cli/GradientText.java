package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Precision;
import io.github.resnetensembles.gradient.EffectiveLengths;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientMeasurement;
import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.gradient.LengthGradient;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.gradient.UnverifiedGradientsException;
import io.github.resnetensembles.network.BatchNormMode;
import java.io.PrintWriter;
import java.util.OptionalDouble;

/** Gradients by path length for people to read. */
final class GradientText {
  /** Below this weight a length is not printed; files have them all. */
  private static final double PRINTED = 0.001;

  private GradientText() {}

  static String cost(GradientCost cost, int images, Precision precision) {
    double bytes =
        (double) cost.cotangents()
            * cost.cotangentValues()
            * images
            * (precision.kept() == Precision.FLOAT64 ? Double.BYTES : Float.BYTES);
    return NumberText.format(
        "cost: %d block VJPs for each batch (%d without shared ends of paths), %d batches at most;"
            + " at most %d cotangents of %d images in memory, %.1f MiB",
        cost.blockVjps(),
        cost.blockVjpsWithoutSharing(),
        cost.batches(),
        cost.cotangents(),
        images,
        bytes / (1 << 20));
  }

  static void print(PathGradients gradients, double mass, PrintWriter out) {
    ResultText.printSource(gradients.provenance(), out);
    GradientProtocol protocol = gradients.protocol();
    out.println(
        "gradient at %s, BatchNorm in %s mode, batches: %s of %s images"
                .formatted(
                    protocol.place() == GradientPlace.IMAGE ? "the image" : "y_0",
                    protocol.batchNorm() == BatchNormMode.EVAL ? "eval" : "train",
                    gradients.batches().size(),
                    gradients.batches().get(0).images())
            + (gradients.leftOut() == 0
                ? ""
                : "; left out, for they fill no batch: " + gradients.leftOut()));
    if (!gradients.complete()) {
      out.println("incomplete, missing: " + String.join(", ", gradients.missing()));
    }
    out.print(
        NumberText.format(
            "loss %.6f  norm of the gradient %.6g%n", gradients.loss(), gradients.fullNorm()));
    if (protocol.measurement() instanceof GradientMeasurement.SinglePath single) {
      out.print(
          NumberText.format(
              "path %s  norm %.6g%n", single.path(), gradients.pathNorm().orElse(Double.NaN)));
      return;
    }
    for (LengthGradient row : gradients.lengths()) {
      if (!(row.weight() < PRINTED)) {
        out.println(line(row));
      }
    }
    gradients
        .residual()
        .ifPresent(residual -> out.print(NumberText.format("residual %.3g%n", residual)));
    gradients
        .decay()
        .ifPresent(
            decay ->
                out.print(
                    NumberText.format(
                        "decay: log norm of one path %.4f for each block, R2 %.4f%n",
                        decay.slope(), decay.r2())));
    printEffective(gradients, mass, out);
  }

  private static String line(LengthGradient row) {
    StringBuilder line = new StringBuilder();
    line.append(NumberText.format("length %5d  weight %8.4f %%", row.length(), 100 * row.weight()));
    add(line, "share", row.share());
    add(line, "sum", row.pathSumNorm());
    add(line, "mean path", row.meanPathNorm());
    add(line, "rms path", row.rmsPathNorm());
    add(line, "cancellation", row.cancellation());
    row.interval()
        .ifPresent(
            interval ->
                line.append(
                    NumberText.format("  from %.4g to %.4g", interval.low(), interval.high())));
    return line.toString();
  }

  private static void add(StringBuilder line, String name, OptionalDouble value) {
    value.ifPresent(number -> line.append(NumberText.format("  %s %.6g", name, number)));
  }

  private static void printEffective(PathGradients gradients, double mass, PrintWriter out) {
    try {
      EffectiveLengths effective = gradients.effectiveLengths(mass);
      out.print(
          NumberText.format(
              "effective lengths %d to %d: %.2f %% of the gradient, %.4g of all paths%n",
              effective.from(), effective.to(), 100 * effective.mass(), effective.pathShare()));
    } catch (UnverifiedGradientsException e) {
      out.println("effective lengths: refused, " + e.getMessage());
    }
  }
}
