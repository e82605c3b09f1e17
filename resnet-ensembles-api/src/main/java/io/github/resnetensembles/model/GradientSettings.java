package io.github.resnetensembles.model;

import com.google.common.base.Suppliers;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientMeasurement;
import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.GradientProtocol;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.internal.running.WiringsAtOnce;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.Network;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A gradient probe in the making.
 *
 * @param chosen what was set of the protocol's measurement and seed, which have defaults
 * @param part the batches to measure; null for all
 */
record GradientSettings(
    OpenNetwork open,
    Lesion view,
    GradientProtocol protocol,
    Chosen chosen,
    GradientRunner.@Nullable Part part,
    RunOptions options)
    implements GradientProbe {
  /** What a user set. */
  record Chosen(boolean measurement, boolean seed) {}

  static GradientSettings of(OpenNetwork open, Lesion view) {
    return new GradientSettings(
        open,
        view,
        GradientProtocol.defaults(),
        new Chosen(false, false),
        null,
        RunOptions.defaults());
  }

  private GradientSettings with(GradientProtocol.Builder changed) {
    return new GradientSettings(open, view, changed.build(), chosen, part, options);
  }

  private GradientSettings choosing(Chosen newChosen) {
    return new GradientSettings(open, view, protocol, newChosen, part, options);
  }

  @Override
  public GradientProbe exact() {
    return measuring(new GradientMeasurement.ExactSums());
  }

  @Override
  public GradientProbe sampled(int pathsPerLength) {
    return measuring(new GradientMeasurement.SampledPaths(pathsPerLength));
  }

  @Override
  public GradientProbe signs(int draws) {
    return measuring(new GradientMeasurement.RandomSigns(draws));
  }

  @Override
  public GradientProbe path(ResidualPath path) {
    return measuring(new GradientMeasurement.SinglePath(path));
  }

  private GradientProbe measuring(GradientMeasurement measurement) {
    if (chosen.measurement() && !measurement.equals(protocol.measurement())) {
      throw new InvalidInputException(
          String.format(
              "a probe measures one thing, got %s and %s: run two probes",
              words(protocol.measurement()), words(measurement)));
    }
    return choosing(new Chosen(true, chosen.seed()))
        .with(protocol.toBuilder().measurement(measurement));
  }

  @Override
  public GradientProbe batchNorm(BatchNormMode mode) {
    return with(protocol.toBuilder().batchNorm(mode));
  }

  @Override
  public GradientProbe place(GradientPlace place) {
    return with(protocol.toBuilder().place(place));
  }

  @Override
  public GradientProbe tolerance(double tolerance) {
    return with(protocol.toBuilder().tolerance(tolerance));
  }

  @Override
  public GradientProbe maxLength(int length) {
    return with(protocol.toBuilder().maxLength(length));
  }

  @Override
  public GradientProbe seed(long seed) {
    return choosing(new Chosen(chosen.measurement(), true)).with(protocol.toBuilder().seed(seed));
  }

  @Override
  public GradientProbe parameters() {
    return with(protocol.toBuilder().parameters(true));
  }

  @Override
  public GradientProbe precision(double relative) {
    return with(protocol.toBuilder().precision(relative));
  }

  @Override
  public GradientProbe batches(int from, int to) {
    if (from < 1 || to < from) {
      throw new InvalidInputException(
          "batches are numbered from 1, the first one first, got batches(%s, %s)"
              .formatted(from, to));
    }
    return new GradientSettings(
        open, view, protocol, chosen, new GradientRunner.Part(from - 1, to), options);
  }

  @Override
  public GradientProbe options(RunOptions newOptions) {
    return new GradientSettings(
        open, view, protocol, chosen, part, WiringsAtOnce.one("gradients", newOptions));
  }

  @Override
  public Provenance provenance(ImageSet given) {
    ImageSet images = Pixels.labelled(given, open.architecture());
    // Batches are no larger than the images are many.
    RunOptions batches = options.withBatchSize(Math.min(options.batchSize(), images.size()));
    return open.use(network -> Provenances.unrun(open, network, images, batches));
  }

  @Override
  public GradientCost cost(ImageSet given) {
    ImageSet images = Pixels.labelled(given, open.architecture());
    return open.use(
        network -> {
          Differentiation unused = derivatives(network);
          return probe(network).cost(part(images(images)).count());
        });
  }

  /** The batches to measure, of those that the images make. */
  private GradientRunner.Part part(GradientRunner.Images images) {
    if (part == null) {
      return new GradientRunner.Part(0, images.batches());
    }
    if (part.end() > images.batches()) {
      throw new InvalidInputException(
          ("batches(%s, %s) asks for more than there are: %s images make %s batches of %s;"
                  + " ask for some of these")
              .formatted(
                  part.from() + 1,
                  part.end(),
                  images.size(),
                  images.batches(),
                  images.batchSize()));
    }
    if (protocol.precision().isPresent()) {
      throw new InvalidInputException(
          ("precision(%s) stops when all batches so far are precise enough, which"
                  + " batches(%s, %s) alone cannot tell; measure all batches in one run, or leave"
                  + " the precision out")
              .formatted(protocol.precision().getAsDouble(), part.from() + 1, part.end()));
    }
    return part;
  }

  private GradientRunner.Images images(ImageSet images) {
    return new GradientRunner.Images(
        images.offset(),
        images.size(),
        options.batchSize(),
        images::batch,
        images::sha256,
        images.name(),
        images::dataset);
  }

  private static String words(GradientMeasurement measurement) {
    if (measurement instanceof GradientMeasurement.SampledPaths sampled) {
      return sampled.pathsPerLength() + " sampled paths of each length";
    }
    if (measurement instanceof GradientMeasurement.RandomSigns signs) {
      return "sums with " + signs.draws() + " draws of random signs";
    }
    return measurement instanceof GradientMeasurement.SinglePath single
        ? "the path " + single.path()
        : "exact sums";
  }

  private void checkSettings() {
    boolean draws =
        protocol.measurement() instanceof GradientMeasurement.SampledPaths
            || protocol.measurement() instanceof GradientMeasurement.RandomSigns;
    if (chosen.seed() && !draws) {
      throw new InvalidInputException(
          String.format(
              "seed(%s) has no effect: nothing is drawn to measure %s; leave it out",
              protocol.seed(), words(protocol.measurement())));
    }
  }

  private BatchProbe probe(Network network) {
    checkSettings();
    Wiring wiring = view.applyTo(network.architecture());
    if (wiring.replacesBranches()) {
      throw new InvalidLesionException(
          ("the view %s takes branch outputs from elsewhere, which no gradient flows"
                  + " through; measure gradients on a view without means or other images' outputs")
              .formatted(view));
    }
    return new BatchProbe(network, wiring, protocol);
  }

  private static Differentiation derivatives(Network network) {
    return network
        .differentiation()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    ("the backend %s offers no derivatives of %s in %s; measure gradients in float32"
                            + " or float64, or with another backend")
                        .formatted(
                            network.info().backend(),
                            network.architecture().name(),
                            network.info().precision().name().toLowerCase(Locale.ROOT))));
  }

  @Override
  public PathGradients run(ImageBatch given) {
    if (protocol.precision().isPresent()) {
      throw new InvalidInputException(
          ("precision(%s) has no effect on one batch, which is measured to its end; run"
                  + " it on a set of images, or leave it out")
              .formatted(protocol.precision().getAsDouble()));
    }
    if (part != null) {
      throw new InvalidInputException(
          "batches(%s, %s) has no effect on one batch; run it on a set of images, or leave it out"
              .formatted(part.from() + 1, part.end()));
    }
    ImageBatch batch = ImageSets.checked(given, open.architecture().head().classes());
    return open.use(
        network ->
            runner(network)
                .run(
                    new GradientRunner.Images(
                        batch.firstRecord(),
                        batch.size(),
                        batch.size(),
                        (from, count) -> batch,
                        Suppliers.memoize(() -> sha256(batch)),
                        "records %s to %s"
                            .formatted(batch.firstRecord(), batch.firstRecord() + batch.size() - 1),
                        Optional::empty),
                    new GradientRunner.Part(0, 1)));
  }

  /** The hash of a batch's labels and pixels, for a batch does not know its data set's. */
  private static String sha256(ImageBatch batch) {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString(
        "resnet-ensembles batch v1\n" + batch.size() + "x" + batch.shape() + "\n",
        StandardCharsets.US_ASCII);
    for (int label : batch.labels()) {
      hasher.putInt(label);
    }
    for (float pixel : ImageSets.checkedPixels(batch)) {
      hasher.putFloat(pixel);
    }
    return hasher.hash().toString();
  }

  @Override
  public PathGradients run(ImageSet given) {
    ImageSet images = Pixels.labelled(given, open.architecture());
    GradientRunner.Images batches = images(images);
    GradientRunner.Part some = part(batches);
    return open.use(network -> runner(network).run(batches, some));
  }

  private GradientRunner runner(Network network) {
    return new GradientRunner(
        network, derivatives(network), open, view, protocol, options, probe(network));
  }
}
