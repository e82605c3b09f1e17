package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.examples.plots.FigurePlot;
import io.github.resnetensembles.examples.report.Engine;
import io.github.resnetensembles.examples.report.GivenNetwork;
import io.github.resnetensembles.examples.report.ReportImages;
import io.github.resnetensembles.examples.report.ReportJob;
import io.github.resnetensembles.examples.report.ReportListener;
import io.github.resnetensembles.examples.report.ReportScale;
import io.github.resnetensembles.examples.report.Subject;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets.Split;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.Claim;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.ReportSection.Kind;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code report}: everything, on one page. */
@Command(
    name = "report",
    description = {
      "Takes a network apart in every way and lays the results out on one page, report.html.",
      "Without --weights it studies a network of 110 layers that the library brings along, with its"
          + " controls; with --train it trains a small network and its twins first.",
      "Unless --limit says otherwise, single lesions are measured on the first 500 images and random"
          + " ones on the first 100; with --full or --train on 2000 and 500."
    },
    sortOptions = false)
final class ReportCommand implements Callable<Integer> {
  /** How many findings are said when the page is there. */
  private static final int SENTENCES = 3;

  /** The kind of networks that the paper's figures are about. */
  private static final String DEFAULT_FAMILY = "preresnet-";

  /** Sections that an ordinary page goes without. */
  private static final EnumSet<Kind> FURTHER =
      EnumSet.of(Kind.DUPLICATE, Kind.BLOCK_VALUES, Kind.ENSEMBLE);

  /** Those with the paper's figures 3, 5, 6, 7 and 8. */
  private static final EnumSet<Kind> OF_THE_PAPER =
      EnumSet.of(
          Kind.DELETE_ONE,
          Kind.DELETE_MANY,
          Kind.REORDER,
          Kind.PATHS,
          Kind.GRADIENTS,
          Kind.STOCHASTIC_DEPTH);

  private static final String PAPER = "paper";

  private static final Pattern FAMILY = Pattern.compile("([a-z-]+-)(\\d+)");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where report.html and all that belongs to it goes.")
  private Path out = Path.of("");

  @Option(names = "--resume", description = "Goes on with the report that --out holds.")
  private boolean resume;

  @Option(
      names = "--train",
      description = "Trains the networks first: --arch (default: a small one) and its twins.")
  private boolean train;

  @Option(names = "--quick", description = "A first look: few images and draws, a minute.")
  private boolean quick;

  @Option(
      names = "--full",
      description =
          "Every section (duplicate, block-values and ensemble are left out otherwise, and of --weights"
              + " FILE recalibration), and as many images and draws as intervals of a point need; with --train"
              + " deeper networks and more seeds, too: about an hour on two cores.")
  private boolean full;

  @Option(
      names = "--sections",
      split = ",",
      paramLabel = "LIST",
      description =
          "These sections only, such as delete-one,gradients; 'paper' stands for those with the"
              + " paper's figures. What they do not need is not run.")
  private @Nullable List<String> sections;

  @Option(
      names = "--draws",
      paramLabel = "N",
      description = "Draws of random lesions, for each number of blocks.")
  private @Nullable Integer draws;

  @Option(
      names = "--epochs",
      paramLabel = "E",
      description =
          "Epochs of training in full; networks that train a part of their blocks get as many more.")
  private @Nullable Integer epochs;

  @Option(
      names = "--train-limit",
      paramLabel = "N",
      description = "Trains on the first N images only.")
  private @Nullable Integer trainLimit;

  @Option(
      names = "--exclude",
      paramLabel = "none|transitions|published|LIST",
      description =
          "Blocks that random lesions leave alone (default: of deletions published, as in the paper's"
              + " figure; of the rest none).")
  private @Nullable String exclude;

  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  ReportCommand() {}

  @Override
  public Integer call() {
    if (quick && full) {
      throw new InvalidInputException("--quick and --full exclude each other; give one");
    }
    compute.refuseAutomaticBatch(
        "does not go with report, whose pieces would not fit those of another size");
    store.check();
    FigurePlot.checkFonts();
    ReportJob job = job();
    if (store.worker) {
      job.workOnPieces(out, new Notices(common));
      return ExitCodes.DONE;
    }
    Report report;
    try (Bar bar = new Bar(common)) {
      report = run(job, bar);
    } catch (RunInterruptedException e) {
      common.err().println("what was finished is in " + out + "; go on with it by --resume");
      throw e;
    }
    print(report);
    return ExitCodes.DONE;
  }

  private Report run(ReportJob job, Bar bar) {
    try {
      return job.run(out, resume, bar);
    } catch (FileAccessException e) {
      throw bar.begun ? e : new UnusableFileException(e);
    }
  }

  private ReportJob job() {
    Set<Kind> kinds = kinds();
    Optional<Exclusion> exclusion = Optional.ofNullable(exclude).map(Exclusion::parse);
    Engine engine =
        new Engine(
            compute.backend(),
            compute.modelOptions(),
            compute.batch(),
            VersionProvider.version(),
            compute.flags(),
            store.pieces(compute.threads, common));
    checkFlags();
    if (data.data == null) {
      data.data = DataOptions.BUILT_IN;
    }
    ReportScale scale = scale();
    Optional<Subject.Given> given = train ? Optional.empty() : Optional.of(given());
    Architecture wanted = given.map(Subject::architecture).orElseGet(() -> toTrain(scale));
    ReportImages images = images(data.data, wanted);
    return new ReportJob(
        given.isPresent() ? given.get() : trained(scale, images.training().orElseThrow()),
        images,
        scale,
        kinds,
        exclusion,
        compute.seed,
        engine);
  }

  private void checkFlags() {
    boolean there = network.weights != null || network.model != null;
    if (train && there) {
      throw new InvalidInputException(
          "--train trains networks, and %s brings one: leave out either"
              .formatted(network.model == null ? "--weights" : "--model"));
    }
    if (!train && (epochs != null || (trainLimit != null && !there))) {
      throw new InvalidInputException(
          (epochs != null ? "--epochs" : "--train-limit")
              + " is for networks that are trained here: give --train, too");
    }
    if (!train && !there && (network.architecture != null || network.detailed())) {
      throw new InvalidInputException(
          "no network: give --weights FILE, or --train to train one first");
    }
    boolean ownData = data.data != null && !data.data.equals(DataOptions.BUILT_IN);
    if (!train && !there && ownData) {
      throw new InvalidInputException(
          "--data "
              + data.data
              + " needs a network that knows such images: give --weights FILE, or --train to train"
              + " one first");
    }
    if (foreign() && data.data == null) {
      throw new InvalidInputException("no images: give --data FILE, DIR or 'builtin'");
    }
  }

  /** Whether a network is there that is not the library's own. */
  private boolean foreign() {
    return network.model != null || network.weights instanceof WeightsName.InFile;
  }

  private Subject.Given given() {
    if (network.model != null) {
      Architecture architecture = network.describe(compute);
      return Subject.Given.alone(
          new GivenNetwork(
              architecture.name(),
              architecture,
              new GivenNetwork.Opaque(() -> network.open(compute, data.folder)),
              Optional.empty(),
              network.flags()));
    }
    if (network.weights == null) {
      return Subject.Given.pretrained();
    }
    if (network.weights instanceof WeightsName.Own own) {
      return Subject.Given.alone(GivenNetwork.pretrained(own.name()));
    }
    Weights weights = data.folder.fitted(network.load(compute.seed));
    return Subject.Given.alone(
        GivenNetwork.of(weights.architecture().name(), weights, Optional.empty(), network.flags()));
  }

  /** The network that will be trained, before it fits the images. */
  private Architecture toTrain(ReportScale scale) {
    if (network.architecture == null) {
      network.architecture = new ArchitectureName.Preset(DEFAULT_FAMILY + scale.depth());
    }
    return network.describe(network.architecture);
  }

  /** A network that is there does without training images, if there are none. */
  private ReportImages images(String chosen, Architecture wanted) {
    if (train) {
      if (data.split == Split.TRAIN || data.folder.labels != null) {
        throw new InvalidInputException(
            "%s is for a network that is there: --train takes the training and the test images of --data"
                .formatted(data.split == Split.TRAIN ? "--split" : "--labels"));
      }
      data.check();
      if (data.file() != null && Files.isRegularFile(data.file())) {
        throw new InvalidInputException(
            ("--data %s is a single file, which has no training images: give a directory,"
                    + " or --weights")
                .formatted(chosen));
      }
      TrainingData both = TrainingData.find(chosen, null, data.folder, false);
      return new ReportImages(
          data.chosen(both.test().apply(wanted), compute.seed),
          Optional.of(both.training().apply(wanted)),
          data.flags());
    }
    ImageSet test = data.find().forNetwork(wanted, compute.seed);
    return new ReportImages(test, training(chosen, wanted), data.flags());
  }

  private Optional<ImageSet> training(String chosen, Architecture wanted) {
    Path file = data.file();
    if (data.split == Split.TRAIN
        || (file != null && Files.isRegularFile(file))
        || (file != null && data.folder.mean(file) && !data.folder.hasTraining(file))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          DataOptions.find(chosen, Split.TRAIN, data.folder, FolderFlags.Classes.OF_NETWORK)
              .apply(wanted));
    } catch (InvalidImagesException e) {
      return Optional.empty();
    }
  }

  private Set<Kind> kinds() {
    if (sections == null) {
      Set<Kind> kinds = full || train ? EnumSet.allOf(Kind.class) : EnumSet.complementOf(FURTHER);
      if (!full && foreign()) {
        // It takes training images, and of large networks minutes.
        kinds.remove(Kind.RECALIBRATION);
      }
      return kinds;
    }
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String section : sections) {
      if (section.strip().equals(PAPER)) {
        kinds.addAll(OF_THE_PAPER);
        continue;
      }
      kinds.add(
          Arrays.stream(Kind.values())
              .filter(kind -> flag(kind).equals(section.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          Stream.concat(
                                  Stream.of(PAPER),
                                  Arrays.stream(Kind.values()).map(ReportCommand::flag))
                              .collect(
                                  Collectors.joining(
                                      ", ", "--sections takes ", ", got '" + section + "'")))));
    }
    return kinds;
  }

  private static String flag(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private ReportScale scale() {
    ReportScale scale =
        train
            ? quick
                ? ReportScale.quickTraining()
                : full ? ReportScale.fullTraining() : ReportScale.training()
            : quick ? ReportScale.quick() : full ? ReportScale.full() : ReportScale.standard();
    ReportScale.Builder builder = scale.toBuilder();
    if (epochs != null) {
      builder = builder.epochs(epochs).plainEpochs(epochs);
    }
    if (trainLimit != null) {
      builder = builder.trainingImages(trainLimit);
    }
    if (data.limit != null) {
      builder = builder.testImages(data.limit).drawnImages(data.limit).valueImages(data.limit);
    }
    return (draws == null ? builder : builder.draws(draws)).build();
  }

  private Subject.Trained trained(ReportScale scale, ImageSet images) {
    ArchitectureName name = Objects.requireNonNull(network.architecture);
    Architecture architecture = described(name, images);
    TrainingRecipe usual = TrainingRecipe.usual(architecture);
    boolean ordinary = usual.equals(TrainingRecipe.quick());
    boolean others = ordinary && data.file() != null;
    List<String> flags = new ArrayList<>(network.detailFlags());
    flags.addAll(List.of("--recipe", others ? "cifar-fast" : ordinary ? "quick" : "transformer"));
    return new Subject.Trained(
        architecture,
        name.toString(),
        deeper(name, scale).map(other -> described(other, images)).toList(),
        others ? TrainingRecipe.cifarFast() : usual,
        flags);
  }

  private Architecture described(ArchitectureName name, ImageSet images) {
    return network.describe(name).toBuilder().fitting(images).build();
  }

  /** The deeper networks of the same family. */
  private static Stream<ArchitectureName> deeper(ArchitectureName name, ReportScale scale) {
    Matcher matcher = FAMILY.matcher(name.toString());
    return matcher.matches()
        ? scale.deeper().stream()
            .filter(depth -> depth > Integer.parseInt(matcher.group(2)))
            .map(depth -> new ArchitectureName.Preset(matcher.group(1) + depth))
        : Stream.empty();
  }

  private void print(Report report) {
    report.claims().stream()
        .filter(claim -> claim.verdict() != Claim.Verdict.CANNOT_BE_SHOWN)
        .limit(SENTENCES)
        .forEach(
            claim ->
                common
                    .out()
                    .println(
                        "%s %s: %s"
                            .formatted(claim.statement(), word(claim.verdict()), claim.finding())));
    common.out().println("page: " + out.resolve("report.html"));
  }

  private static String word(Claim.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Notices, and no progress. */
  private record Notices(CommonOptions common) implements ReportListener {
    @Override
    public void onProgress(
        int part, int parts, String title, double done, double total, Optional<Duration> left) {}

    @Override
    public void onNotice(String message) {
      common.err().println(message);
    }
  }

  /** The whole report as one progress bar. */
  private static final class Bar implements ReportListener, AutoCloseable {
    /** Block evaluations are too many to read; what counts is the share of them. */
    private static final long STEPS = 1000;

    private final CommonOptions common;
    private final ProgressReporter bar;
    private volatile boolean begun;

    Bar(CommonOptions common) {
      this.common = common;
      this.bar = ProgressReporter.of("report", common.quiet, common.err());
    }

    @Override
    public void onProgress(
        int part, int parts, String title, double done, double total, Optional<Duration> left) {
      begun = true;
      long shown = total > 0 ? Math.round(STEPS * done / total) : STEPS;
      bar.show(shown, STEPS, part + "/" + parts + " " + title, left);
    }

    @Override
    public void onNotice(String message) {
      common.err().println(message);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
