package io.github.resnetensembles.gradient;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.internal.Csv;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.internal.io.RecordMapping;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.TableResult;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The gradient of a network by path length. Raw measurements, one for each batch; summaries are
 * computed from them.
 *
 * @param view the lesion of the view that was measured; intact for a whole network
 * @param protocol how it was measured
 * @param batches the measurements, at least one
 * @param firstRecord of the images that were asked for, where the first batch begins
 * @param plannedBatches how many batches these images make: more than were measured if the run was
 *     interrupted or precise enough before, or of {@linkplain GradientProbe#batches some} alone
 * @param leftOut how many images at the end were left out, for they fill no batch: norms on batches
 *     of different sizes are different quantities
 * @param cost of all planned batches, known before the run
 * @param provenance where the result comes from
 */
@MappedBy(PathGradientsJson.class)
@JsonForm(
    schema = 1,
    kind = "path-gradients",
    fields =
        "view=viewText viewOperations=view protocol loss fullNorm reaching *summary batches"
            + " firstRecord plannedBatches leftOut cost provenance")
public record PathGradients(
    Lesion view,
    GradientProtocol protocol,
    List<BatchGradients> batches,
    int firstRecord,
    int plannedBatches,
    int leftOut,
    GradientCost cost,
    Provenance provenance)
    implements TableResult {
  /** The residual above which sums are not trusted: 1e-3. */
  public static final double MAX_RESIDUAL = 1e-3;

  /** The share of the gradient that effective lengths carry unless told otherwise: 0.95. */
  public static final double DEFAULT_MASS = 0.95;

  private static final String COLUMNS =
      "length,paths,pathSumNorm,share,meanPathNorm,rmsPathNorm,cancellation,imageNorm,"
          + "weight,low,high";

  /**
   * Copies the list.
   *
   * @param view the lesion of the view that was measured
   * @param protocol how it was measured
   * @param batches the measurements
   * @param firstRecord of the images that were asked for
   * @param plannedBatches how many batches they make
   * @param leftOut how many images at the end were left out
   * @param cost known before the run
   * @param provenance where the result comes from
   * @throws IllegalArgumentException if there is no batch, more than were planned, or batches
   *     differ in their size, are not in order, or one is none of those planned; if a negative
   *     number or as many as a batch were left out; or if a length is above the number of the
   *     view's steps
   */
  public PathGradients {
    batches = List.copyOf(batches);
    Require.present("view", view);
    Require.present("protocol", protocol);
    Require.present("cost", cost);
    Require.present("provenance", provenance);
    Require.atLeast(0, "firstRecord", firstRecord);
    Require.atLeast(batches.size(), "plannedBatches", plannedBatches);
    if (batches.isEmpty()) {
      throw new InvalidInputException("gradients are measured on at least one batch");
    }
    int size = batches.get(0).images();
    for (BatchGradients batch : batches) {
      if (batch.images() != size) {
        throw new InvalidInputException(
            ("gradients of batches of %s and of %s images are different quantities and"
                    + " have no mean; measure on equal batches")
                .formatted(size, batch.images()));
      }
    }
    if (batches.size() > plannedBatches || leftOut < 0 || leftOut >= size) {
      throw new InvalidInputException(
          String.format(
              "%s of %s batches of %s images cannot be measured, and %s images left out",
              batches.size(), plannedBatches, size, leftOut));
    }
    GradientSummaries.check(batches, view.applyTo(provenance.architecture()).steps().size());
    PlannedBatches.check(batches, firstRecord, plannedBatches);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal result
   * @throws InvalidJsonException if the text is no such result, or of an unknown schema
   */
  public static PathGradients fromJson(String json) {
    return JsonNode.parse(json, "the gradients").as(PathGradients.class);
  }

  /**
   * Merges results of some batches each, which a {@linkplain GradientProbe#batches probe of some
   * batches} or an interrupted run gave. The order does not matter, and what is there twice counts
   * once. The result equals that of one run over all these batches, cost included, but for the
   * provenance, which lists the runs.
   *
   * @param pieces at least one
   * @param options what to let pass
   * @return all their batches
   * @throws MergeException if network, view, protocol, data, precision, batch size or planned
   *     batches differ, results of the same batch disagree, or fingerprints do not show that one
   *     network gave all of them
   */
  public static PathGradients merge(List<PathGradients> pieces, MergeOption... options) {
    return GradientMerging.merge(pieces, options);
  }

  /**
   * {@return whether all planned batches were measured, or as many as the protocol's precision
   * takes; false for what an interrupted run left, and for a part of the batches}
   */
  public boolean complete() {
    return batches.size() == plannedBatches
        || (protocol.precision().isPresent() && preciseTo(protocol.precision().getAsDouble()));
  }

  /**
   * {@return the planned batches that are missing, as in "batches 3 to 5 of 8"; none if complete}
   */
  public List<String> missing() {
    return complete() ? List.of() : PlannedBatches.missing(this);
  }

  /** {@return the norm of the ordinary gradient, mean over batches} */
  public double fullNorm() {
    return batches.stream().mapToDouble(BatchGradients::fullNorm).average().orElseThrow();
  }

  /** {@return the mean cross-entropy over all images, in nats} */
  public double loss() {
    double sum = 0;
    long images = 0;
    for (BatchGradients batch : batches) {
      sum += batch.loss() * batch.images();
      images += batch.images();
    }
    return sum / images;
  }

  /**
   * {@return the largest residual of a batch: what the sums over the measured lengths lack of the
   * ordinary gradient, relative to it. Empty if no sums were measured}
   */
  public OptionalDouble residual() {
    return batches.stream()
        .flatMapToDouble(batch -> batch.residual().stream())
        .reduce((a, b) -> Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b));
  }

  /**
   * {@return whether no sums were measured, or their residual is at most {@value #MAX_RESIDUAL}}
   */
  public boolean verified() {
    OptionalDouble residual = residual();
    return residual.isEmpty() || residual.getAsDouble() <= MAX_RESIDUAL;
  }

  /** {@return what was measured of each length, ascending; empty for a single path} */
  public List<LengthGradient> lengths() {
    return GradientSummaries.lengths(this);
  }

  /**
   * {@return the norm of a single path's gradient, mean over batches; empty if none was measured}
   */
  public OptionalDouble pathNorm() {
    return batches.stream().flatMapToDouble(batch -> batch.pathNorm().stream()).average();
  }

  /**
   * {@return the norm of the ordinary gradient at y_0 and then at the output of each step, means
   * over batches}
   */
  public List<Double> reaching() {
    return IntStream.range(0, batches.get(0).reaching().size())
        .mapToObj(
            step ->
                batches.stream()
                    .mapToDouble(batch -> batch.reaching().get(step))
                    .average()
                    .orElseThrow())
        .toList();
  }

  /** {@return {@link #effectiveLengths(double)} of {@value #DEFAULT_MASS}} */
  public EffectiveLengths effectiveLengths() {
    return effectiveLengths(DEFAULT_MASS);
  }

  /**
   * The lengths that carry almost all of the gradient.
   *
   * @param mass their share of the weights, in (0, 1]
   * @return the shortest interval of lengths with at least this share
   * @throws InvalidInputException if the share is not in (0, 1], or a single path was measured
   * @throws UnverifiedGradientsException if the residual is above {@value #MAX_RESIDUAL}, or a
   *     weight is not a number
   */
  public EffectiveLengths effectiveLengths(double mass) {
    return GradientSummaries.effectiveLengths(this, mass);
  }

  /**
   * {@return how fast the norm of a single path decays with its length: of its mean, of its root
   * mean square, or of the norm of the sum divided by the number of paths, whichever was measured
   * first in this order; empty if fewer than two lengths have a norm}
   */
  public Optional<GradientDecay> decay() {
    return GradientSummaries.decay(this);
  }

  /**
   * Whether every length that carries at least a thousandth of the gradient is known well enough:
   * the rule by which a measurement stops early ({@link GradientProbe#precision}).
   *
   * @param relative half the width of an interval at 95 %, as a share of its mean, above 0
   * @return whether it is; false for fewer than three batches
   */
  public boolean preciseTo(double relative) {
    return GradientSummaries.preciseEnough(this, relative);
  }

  /** {@return the paths of the view that was measured} */
  public PathEnumerator paths() {
    Architecture architecture = provenance.architecture();
    return PathEnumerator.of(architecture, view.applyTo(architecture));
  }

  String viewText() {
    return view.toString();
  }

  /** What the JSON says for readers. */
  Object summary() {
    return protocol.measurement() instanceof GradientMeasurement.SinglePath single
        ? new PathGradientsJson.OfPath(single.path(), pathNorm())
        : PathGradientsJson.OfLengths.of(this);
  }

  /**
   * {@link #toJson()} with other effective lengths than those of {@value #DEFAULT_MASS}.
   *
   * @param mass of the effective lengths that it says, in (0, 1]
   * @return one line
   */
  public String toJson(double mass) {
    return PathGradientsJson.write(this, mass);
  }

  /** {@return one line for each length, with the JSON's field names as the header} */
  @Override
  public String toCsv() {
    return Csv.table(COLUMNS, lengths().stream().map(RecordMapping::values).toList());
  }
}
