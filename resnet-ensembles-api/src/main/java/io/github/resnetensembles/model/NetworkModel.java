package io.github.resnetensembles.model;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.internal.running.WiringsAtOnce;
import io.github.resnetensembles.internal.wiring.ForeignBranches;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.EvaluationInterruptedException;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.RecordedOutputs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model, or a lesioned view of one. */
final class NetworkModel implements ResidualModel {
  private final OpenNetwork open;
  private final Lesion lesion;
  private final Wiring wiring;
  private final ImmutableList<ImageSet> references;
  private final boolean owner;
  private final Object meansLock = new Object();
  private @Nullable BranchOutputs outputsWithMeans;

  NetworkModel(OpenNetwork open, Lesion lesion, ImmutableList<ImageSet> references, boolean owner) {
    this.open = open;
    this.lesion = lesion;
    this.references = references;
    this.wiring = lesion.applyTo(open.architecture());
    this.owner = owner;
  }

  @Override
  public Architecture architecture() {
    return open.architecture();
  }

  @Override
  public Lesion lesion() {
    return lesion;
  }

  @Override
  public Wiring wiring() {
    return wiring;
  }

  @Override
  public ResidualModel withLesion(Lesion next, ImageSet... more) {
    ImmutableList.Builder<ImageSet> all = ImmutableList.<ImageSet>builder().addAll(references);
    for (ImageSet images : more) {
      all.add(ImageSets.checked(images));
    }
    return new NetworkModel(open, lesion.then(next), all.build(), false);
  }

  @Override
  public Network.NetworkInfo info() {
    return open.use(Network::info);
  }

  @Override
  public Provenance provenance(ImageSet given, RunOptions options) {
    ImageSet images = Pixels.fitting(given, open.architecture());
    return open.use(
        network ->
            Provenances.unrun(open, network, images, WiringsAtOnce.one("an evaluation", options)));
  }

  @Override
  public Evaluation evaluate(ImageSet given, RunOptions options, Measures measures) {
    ImageSet images = Pixels.labelled(given, open.architecture());
    return open.use(
        network -> {
          StudyRunner runner =
              new StudyRunner(
                  network,
                  open,
                  List.of(wiring),
                  Set.of(),
                  images,
                  references,
                  measures,
                  WiringsAtOnce.one("an evaluation", options),
                  "evaluate");
          StudyRunner.Outcome outcome = runner.run();
          @Nullable Evaluation evaluation =
              outcome.images() == 0
                  ? null
                  : new Evaluation(
                      new LesionRow(PlannedLesion.of(lesion), wiring.order(), outcome.tallies()),
                      outcome.provenance(network, images, options));
          if (evaluation == null || outcome.interrupted()) {
            throw new EvaluationInterruptedException(
                "interrupted after " + outcome.images() + " of " + images.size() + " images",
                evaluation);
          }
          return evaluation;
        });
  }

  @Override
  public int fastestBatchSize(int images) {
    Require.atLeast(1, "images", images);
    return open.use(
        network ->
            new BatchSizeSearch(network, open, Ticker.systemTicker(), AvailableMemory::bytes)
                .fastest(images));
  }

  @Override
  public double[][] logits(ImageBatch batch) {
    return intermediates(batch, false).logits();
  }

  @Override
  public Intermediates intermediates(ImageBatch batch) {
    return intermediates(batch, true);
  }

  private Intermediates intermediates(ImageBatch batch, boolean keepOutputs) {
    return open.use(
        network -> {
          List<FeatureShape> shapes = new ArrayList<>();
          List<double[]> outputs = new ArrayList<>();
          float[] pixels = Pixels.normalised(batch, architecture());
          try (BranchOutputs.Batch replaced =
              branchOutputs(network).forBatch(batch, null, Cancellation::checkInterrupt)) {
            double[] logits =
                Steps.logits(
                    network,
                    wiring,
                    pixels,
                    batch.size(),
                    replaced,
                    (step, y) -> {
                      if (keepOutputs) {
                        shapes.add(y.shape());
                        outputs.add(y.values());
                      }
                    });
            return new Outputs(
                batch.size(), List.copyOf(shapes), outputs, List.of(rows(logits, batch.size())));
          }
        });
  }

  /** With the means taken, once for this view. */
  private BranchOutputs branchOutputs(Network network) {
    synchronized (meansLock) {
      BranchOutputs known = outputsWithMeans;
      if (known == null) {
        known =
            new BranchOutputs(
                network,
                ForeignBranches.of(List.of(wiring)),
                new BranchOutputs.Sources(references));
        known.takeMeans(RunOptions.defaults().batchSize(), Cancellation::checkInterrupt);
        outputsWithMeans = known;
      }
      return known;
    }
  }

  private static double[][] rows(double[] values, int images) {
    int classes = values.length / images;
    double[][] rows = new double[images][classes];
    for (int n = 0; n < images; n++) {
      System.arraycopy(values, n * classes, rows[n], 0, classes);
    }
    return rows;
  }

  /** A branch output from elsewhere ends no path of the input's. */
  private void requirePaths() {
    if (wiring.replacesBranches()) {
      throw new InvalidLesionException(
          ("the view %s takes branch outputs from elsewhere, which are no paths of its"
                  + " input; unravel a view without means or other images' outputs")
              .formatted(lesion));
    }
  }

  @Override
  public LesionStudy lesions() {
    return StudySettings.of(open, lesion, references);
  }

  @Override
  public GradientProbe gradients() {
    return GradientSettings.of(open, lesion);
  }

  @Override
  public Unravelling unravelled(ImageBatch batch) {
    requirePaths();
    long choices =
        wiring.steps().stream()
            .filter(step -> step.skipGain() != 0 && step.branchGain() != 0)
            .count();
    if (choices > Unravelling.MAX_BLOCKS) {
      throw new InvalidInputException(
          String.format(
              "the unravelled view of %s residual blocks runs the stem 2^%s times: it is evaluated"
                  + " for at most %s blocks; delete some, or compare a smaller network",
              choices, choices, Unravelling.MAX_BLOCKS));
    }
    return open.use(
        network -> {
          UnravelledNetwork unravelled = unravelled(network, batch);
          double[] literal = unravelled.logits(paths().stream().toList());
          double[][] ordinary = logits(batch);
          double difference = 0;
          double largest = 0;
          for (int i = 0; i < literal.length; i++) {
            double logit = ordinary[i / ordinary[0].length][i % ordinary[0].length];
            difference = larger(difference, Math.abs(literal[i] - logit));
            largest = larger(largest, Math.abs(logit));
          }
          return new Unravelling(unravelled.stems(), unravelled.branches(), difference, largest);
        });
  }

  private static double larger(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b);
  }

  private UnravelledNetwork unravelled(Network network, ImageBatch batch) {
    return new UnravelledNetwork(
        network,
        wiring,
        Pixels.normalised(batch, architecture()),
        batch.size(),
        Cancellation::checkInterrupt);
  }

  @Override
  public double[][] logits(ImageBatch batch, Collection<ResidualPath> chosen) {
    requirePaths();
    PathEnumerator all = paths();
    if (chosen.isEmpty()) {
      throw new InvalidPathException("a sub-network is made of at least one path, got none");
    }
    for (ResidualPath path : chosen) {
      if (!all.contains(path)) {
        throw new InvalidPathException(
            "the path " + path + " is none of the " + all.count() + " paths of " + this);
      }
    }
    return open.use(
        network -> {
          List<ResidualPath> distinct = chosen.stream().distinct().toList();
          double[] values = unravelled(network, batch).logits(distinct);
          return rows(values, batch.size());
        });
  }

  private Verifier verifier(Network network, ImageBatch batch) {
    return new Verifier(network, batch, () -> open.fingerprint(Cancellation::checkInterrupt));
  }

  @Override
  public Verification verify(ImageBatch batch) {
    return open.use(network -> verifier(network, batch).run());
  }

  @Override
  public Verification verify(RecordedOutputs recorded, double limit) {
    Require.finiteAtLeastZero("limit", limit);
    return open.use(
        network ->
            new Verifier(network, recorded, () -> open.fingerprint(Cancellation::checkInterrupt))
                .run(recorded, limit));
  }

  @Override
  public Verification verify(ImageBatch batch, double[][] logits, double limit) {
    return open.use(network -> verifier(network, batch).run(logits, limit));
  }

  @Override
  public void close() {
    if (owner) {
      open.close();
    }
  }

  @Override
  public String toString() {
    return architecture().name() + (lesion instanceof Lesion.Intact ? "" : " with " + lesion);
  }

  private record Outputs(
      int images, List<FeatureShape> shapes, List<double[]> outputs, List<double[]> rows)
      implements Intermediates {
    @Override
    public double[] output(int step) {
      return outputs.get(step).clone();
    }

    @Override
    public double[][] logits() {
      return rows.stream().map(double[]::clone).toArray(double[][]::new);
    }
  }
}
