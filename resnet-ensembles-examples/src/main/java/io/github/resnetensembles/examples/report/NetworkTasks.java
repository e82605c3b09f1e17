package io.github.resnetensembles.examples.report;

import static io.github.resnetensembles.report.ReportSection.Kind.BLOCK_VALUES;
import static io.github.resnetensembles.report.ReportSection.Kind.CHECKS;
import static io.github.resnetensembles.report.ReportSection.Kind.DELETE_MANY;
import static io.github.resnetensembles.report.ReportSection.Kind.DELETE_ONE;
import static io.github.resnetensembles.report.ReportSection.Kind.DUPLICATE;
import static io.github.resnetensembles.report.ReportSection.Kind.EFFECTIVE_PATHS;
import static io.github.resnetensembles.report.ReportSection.Kind.ENSEMBLE;
import static io.github.resnetensembles.report.ReportSection.Kind.GRADIENTS;
import static io.github.resnetensembles.report.ReportSection.Kind.NETWORK;
import static io.github.resnetensembles.report.ReportSection.Kind.RECALIBRATION;
import static io.github.resnetensembles.report.ReportSection.Kind.REORDER;
import static io.github.resnetensembles.report.ReportSection.Kind.STOCHASTIC_DEPTH;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.ReportSection.Kind;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingWiring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Which networks a report needs for its sections, and what is measured of each. */
final class NetworkTasks {
  private static final int GRADIENT_BATCH = 16;

  /** The paper's network of 54 blocks was trained with 23 in each batch. */
  private static final double EFFECTIVE_SHARE = 23.0 / 54;

  /** The paper's last survival probability. */
  private static final double SURVIVAL = 0.5;

  /** As far as the paper's figures go. */
  private static final int MOST_DELETED = 20;

  /** With fewer blocks that may go there is no curve. */
  private static final int LEAST_DELETABLE = 2;

  private static final int MOST_SWAPPED = 10;
  private static final int MOST_DUPLICATED = 10;

  /** Sets of blocks, times images: more would take longer than all the rest. */
  private static final long MOST_SUBSETS = 2_000_000;

  private final ReportJob job;
  private final ReportScale scale;
  private final List<NetworkTask> tasks = new ArrayList<>();

  private NetworkTasks(ReportJob job) {
    this.job = job;
    this.scale = job.scale();
  }

  /** The networks; the first is the one that the report is about. */
  static List<NetworkTask> of(ReportJob job) {
    NetworkTasks tasks = new NetworkTasks(job);
    if (job.subject() instanceof Subject.Trained trained) {
      tasks.addTrained(trained);
    } else if (job.subject() instanceof Subject.Given given) {
      tasks.addGiven(given);
    }
    return tasks.tasks;
  }

  private void addMain(String label, NetworkSource source) {
    tasks.add(
        new NetworkTask(
            fileName(label),
            label,
            EnumSet.of(NETWORK),
            source,
            subject(source.architecture()),
            wanted(EnumSet.of(CHECKS))));
  }

  private void addGiven(Subject.Given subject) {
    addMain(subject.network().label(), subject.network());
    for (Subject.Control control : subject.controls()) {
      Kind section = control.section();
      if (wanted(EnumSet.of(section))) {
        String label = control.network().label();
        addTwin(
            fileName(label),
            label,
            section,
            control.network(),
            section == EFFECTIVE_PATHS ? List.of() : deletions(section));
      }
    }
  }

  private void addTrained(Subject.Trained subject) {
    Architecture network = subject.architecture();
    String name = fileName(network.name());
    String plainName = network.name();
    addMain(plainName, training(subject, network, scale.epochs(), List.of(), all(), job.seed()));
    if (wanted(EnumSet.of(DELETE_ONE, ENSEMBLE)) && !network.plain()) {
      Architecture plain = network.toBuilder().plain(true).build();
      addTwin(
          name + "-plain",
          plainName + " without skip connections",
          DELETE_ONE,
          training(subject, plain, scale.plainEpochs(), List.of("--plain"), all(), job.seed()),
          deletions(DELETE_ONE));
    }
    if (wanted(EnumSet.of(STOCHASTIC_DEPTH))) {
      TrainingWiring wiring = TrainingWiring.stochasticDepth(SURVIVAL);
      addTwin(
          name + "-stochastic-depth",
          plainName + ", stochastic depth",
          STOCHASTIC_DEPTH,
          training(
              subject,
              network,
              epochsOfEqualWork(wiring, network),
              List.of("--stochastic-depth", String.valueOf(SURVIVAL)),
              wiring,
              job.seed()),
          list(
              List.of(
                  Optional.of(deleteEach(STOCHASTIC_DEPTH)),
                  deleteRandom(network, STOCHASTIC_DEPTH))));
    }
    if (wanted(EnumSet.of(EFFECTIVE_PATHS))) {
      addEffective(subject, name, plainName, job.seed());
      for (int i = 1; i < scale.seeds(); i++) {
        long seed = job.seed() + i;
        addTwin(
            name + "-seed-" + seed,
            plainName + ", seed " + seed,
            EFFECTIVE_PATHS,
            training(subject, network, scale.epochs(), List.of(), all(), seed),
            List.of(deleteEach(EFFECTIVE_PATHS)));
        addEffective(subject, name + "-seed-" + seed, plainName + ", seed " + seed, seed);
      }
    }
    if (wanted(EnumSet.of(DELETE_ONE))) {
      for (Architecture deeper : subject.deeper()) {
        addTwin(
            fileName(deeper.name()),
            deeper.name(),
            DELETE_ONE,
            training(subject, deeper, scale.epochs(), List.of(), all(), job.seed()),
            List.of(deleteEach(DELETE_ONE)));
      }
    }
  }

  private void addEffective(Subject.Trained subject, String name, String label, long seed) {
    Architecture network = subject.architecture();
    int share = (int) Math.round(network.size() * EFFECTIVE_SHARE);
    int kept = Math.max(1, Math.max(network.transitions().size(), share));
    TrainingWiring wiring =
        TrainingWiring.exactly(kept)
            .withAlways(Exclusion.transitions())
            .withScaling(TrainingWiring.KeptScaling.KEPT_SHARE);
    addTwin(
        name + "-effective-paths",
        label + ", trained with " + kept + " of " + network.size() + " blocks at a time",
        EFFECTIVE_PATHS,
        training(
            subject,
            network,
            epochsOfEqualWork(wiring, network),
            List.of(
                "--keep-blocks", String.valueOf(kept), "--exclude", "transitions", "--scale-kept"),
            wiring,
            seed),
        List.of(deleteEach(EFFECTIVE_PATHS)));
  }

  /** As many more as the wiring trains fewer blocks: every branch is trained about as often. */
  private int epochsOfEqualWork(TrainingWiring wiring, Architecture network) {
    double trained =
        wiring.survivalProbabilities(network).stream().mapToDouble(p -> p).average().orElse(1);
    return (int) Math.round(scale.epochs() / trained);
  }

  private void addTwin(
      String name, String label, Kind section, NetworkSource source, List<Part> studies) {
    List<Part> parts = new ArrayList<>();
    parts.add(evaluate(section));
    parts.addAll(studies);
    tasks.add(new NetworkTask(name, label, EnumSet.of(section), source, parts, false));
  }

  private static TrainingWiring all() {
    return TrainingWiring.allBlocks();
  }

  private TrainingTask training(
      Subject.Trained subject,
      Architecture architecture,
      int epochs,
      List<String> flags,
      TrainingWiring wiring,
      long seed) {
    ImageSet images = job.images().training().orElseThrow().limit(scale.trainingImages());
    ImageSet test = test(scale.testImages());
    TrainingRecipe recipe =
        subject.recipe().toBuilder().epochs(epochs).wiring(wiring).seed(seed).build();
    // Twins have the architecture but for their skip connections, which a flag of theirs says.
    String named = subject.deeper().contains(architecture) ? architecture.name() : subject.named();
    List<String> command = new ArrayList<>(List.of("train", "--arch", named));
    command.addAll(subject.flags());
    command.addAll(flags);
    command.addAll(List.of("--epochs", String.valueOf(epochs)));
    command.addAll(job.images().flags());
    command.addAll(List.of("--limit", String.valueOf(images.size())));
    command.addAll(List.of("--test-limit", String.valueOf(test.size())));
    command.addAll(seed(seed));
    return new TrainingTask(architecture, recipe, images, test, command);
  }

  /** Everything that is measured of the network that the report is about. */
  private List<Part> subject(Architecture network) {
    List<Part> parts =
        list(
            List.of(
                Optional.of(
                    deleteEach(
                        DELETE_ONE, ENSEMBLE, EFFECTIVE_PATHS, STOCHASTIC_DEPTH, RECALIBRATION)),
                Optional.of(ensemble()),
                deleteEachSkip(network),
                deleteRandom(network, DELETE_MANY, STOCHASTIC_DEPTH),
                recalibration(network),
                swapRandom(network),
                duplicateRandom(network),
                Optional.of(exactGradients()),
                Optional.of(sampledGradients()),
                Optional.of(blockValues(network))));
    // The evaluation is small, and every section says the error of the intact network.
    return Stream.concat(
            Stream.of(evaluate(NETWORK)), parts.stream().filter(part -> wanted(part.sections())))
        .toList();
  }

  private Part evaluate(Kind section) {
    return lesions(
        "evaluate",
        "evaluate",
        EnumSet.of(section),
        List.of("predict"),
        study -> study.lesions(Lesion.intact()),
        scale.testImages(),
        report -> new Evaluation(report.baseline(), report.provenance()));
  }

  private Part deleteEach(Kind... sections) {
    return lesions(
        "delete-each",
        "delete each block",
        Set.of(sections),
        List.of("lesion", "--delete", "each"),
        LesionStudy::deleteEachBlock,
        scale.testImages(),
        report -> report);
  }

  /** Single deletions of a control, and the ensemble of those of the plain twin. */
  private List<Part> deletions(Kind section) {
    return section == DELETE_ONE && wanted(EnumSet.of(ENSEMBLE))
        ? List.of(deleteEach(DELETE_ONE, ENSEMBLE), ensemble())
        : List.of(deleteEach(section));
  }

  /** After single deletions, by which its members are chosen. */
  private Part ensemble() {
    ImageSet images = test(scale.testImages());
    return new Part(
        "ensemble",
        "average the deletions",
        EnumSet.of(ENSEMBLE),
        limited(List.of("lesion", "--delete", "each"), images),
        EnsembleWork.on(images));
  }

  private Optional<Part> deleteEachSkip(Architecture network) {
    if (network.plain() || !scale.skips()) {
      return Optional.empty();
    }
    return Optional.of(
        lesions(
            "delete-each-skip",
            "delete each skip",
            EnumSet.of(DELETE_ONE),
            List.of("lesion", "--delete-skip", "each"),
            study -> study.plan(LesionPlan.deleteEachSkip()),
            scale.testImages(),
            report -> report));
  }

  private Optional<Part> deleteRandom(Architecture network, Kind... sections) {
    Exclusion exclusion = leftAlone(network);
    int most = Math.min(MOST_DELETED, network.size() - exclusion.blocks(network).size());
    return random(
        exclusion,
        "delete-random",
        "delete at random",
        Set.of(sections),
        List.of("lesion", "--delete", "random", "--k"),
        LesionStudy::deleteRandom,
        most);
  }

  private Optional<Part> swapRandom(Architecture network) {
    Set<Integer> fixed = fixed(network);
    long pairs =
        network.stages().stream()
            .mapToLong(stage -> stage.stream().filter(block -> !fixed.contains(block)).count())
            .map(blocks -> blocks * (blocks - 1))
            .sum();
    return random(
        exclusion(),
        "swap-random",
        "swap at random",
        Set.of(REORDER),
        List.of("lesion", "--swap", "random", "--pairs"),
        LesionStudy::swapRandom,
        (int) Math.min(MOST_SWAPPED, pairs));
  }

  private Optional<Part> duplicateRandom(Architecture network) {
    return random(
        exclusion(),
        "duplicate-random",
        "duplicate at random",
        Set.of(DUPLICATE),
        List.of("lesion", "--duplicate", "random", "--k"),
        (study, from, to) -> study.plan(LesionPlan.duplicateRandom(from, to)),
        Math.min(MOST_DUPLICATED, network.size() - fixed(network).size()));
  }

  /** Says which blocks are drawn, from so many to so many at a time. */
  private interface Drawn {
    LesionStudy setUp(LesionStudy study, int from, int to);
  }

  private Optional<Part> random(
      Exclusion exclusion,
      String name,
      String title,
      Set<Kind> sections,
      List<String> words,
      Drawn drawn,
      int most) {
    if (most < 1) {
      return Optional.empty();
    }
    List<String> command = new ArrayList<>(words);
    command.add("1.." + most);
    command.addAll(List.of("--draws", String.valueOf(scale.draws())));
    command.addAll(seed(job.seed()));
    if (!exclusion.equals(Exclusion.none())) {
      command.addAll(List.of("--exclude", exclusion.toString()));
    }
    return Optional.of(
        lesions(
            name,
            title,
            sections,
            command,
            study ->
                drawn
                    .setUp(study, 1, most)
                    .draws(scale.draws())
                    .seed(job.seed())
                    .exclude(exclusion),
            scale.drawnImages(),
            report -> report));
  }

  private Part exactGradients() {
    ImageSet images = gradientImages();
    List<String> command = new ArrayList<>(List.of("gradients", "--mode", "exact"));
    command.addAll(gradientBatches(images));
    return new Part(
        "gradients-exact",
        "gradient by path length",
        Set.of(GRADIENTS),
        limited(command, images),
        new GradientWork(GradientProbe::exact, images, gradientBatch()));
  }

  /** Fewer images than lesions need, unless a batch size was asked for. */
  private int gradientBatch() {
    int batch = job.engine().batchSize();
    return batch == RunOptions.DEFAULT_BATCH_SIZE ? GRADIENT_BATCH : batch;
  }

  /** Exact sums and single paths stand in one figure: both are measured on these. */
  private ImageSet gradientImages() {
    int batch = gradientBatch();
    ImageSet images = test((int) Math.min((long) batch * scale.gradientBatches(), 65536));
    return images.size() < batch ? images : images.limit(images.size() - images.size() % batch);
  }

  private List<String> gradientBatches(ImageSet images) {
    int batch = gradientBatch();
    List<String> flags =
        new ArrayList<>(List.of("--batches", String.valueOf(Math.max(1, images.size() / batch))));
    if (batch != job.engine().batchSize()) {
      flags.addAll(List.of("--batch", String.valueOf(batch)));
    }
    return flags;
  }

  /** As many paths in all as the scale says, shared among the batches. */
  private Part sampledGradients() {
    ImageSet images = gradientImages();
    int samples = Math.max(1, scale.pathSamples() / scale.gradientBatches());
    List<String> command =
        new ArrayList<>(
            List.of("gradients", "--mode", "sampled", "--samples", String.valueOf(samples)));
    command.addAll(gradientBatches(images));
    command.addAll(seed(job.seed()));
    return new Part(
        "gradients-sampled",
        "gradient of single paths",
        Set.of(GRADIENTS),
        limited(command, images),
        new GradientWork(
            probe -> probe.sampled(samples).seed(job.seed()), images, gradientBatch()));
  }

  private Part blockValues(Architecture network) {
    ImageSet images = test(scale.valueImages());
    boolean exact =
        network.size() <= BlockValues.MAX_EXACT_BLOCKS
            && ((long) images.size() << network.size()) <= MOST_SUBSETS;
    List<String> command = new ArrayList<>(List.of("shapley"));
    if (!exact) {
      command.addAll(List.of("--draws", String.valueOf(scale.orders())));
      command.addAll(seed(job.seed()));
    }
    UnaryOperator<LesionStudy> setUp =
        exact
            ? study -> study.plan(LesionPlan.deleteSubsets())
            : study ->
                study.plan(LesionPlan.deleteInRandomOrder()).draws(scale.orders()).seed(job.seed());
    return lesions(
        "block-values",
        exact ? "delete every set" : "delete in random orders",
        EnumSet.of(BLOCK_VALUES),
        command,
        setUp,
        scale.valueImages(),
        report -> BlockValues.of(report, Payoff.ACCURACY, Interval.DEFAULT_LEVEL));
  }

  private Optional<Part> recalibration(Architecture network) {
    return job.images()
        .training()
        .map(
            training -> {
              ImageSet images = test(scale.drawnImages());
              ImageSet calibration =
                  training.limit(Math.min(scale.calibrationImages(), scale.trainingImages()));
              List<String> command =
                  List.of(
                      "report",
                      "--sections",
                      "recalibration",
                      "--train-limit",
                      String.valueOf(calibration.size()),
                      "--out",
                      "again");
              return new Part(
                  "recalibration",
                  "recalibrate",
                  Set.of(RECALIBRATION),
                  limited(command, images),
                  new RecalibrationWork(
                      Math.min(scale.recalibrated(), network.size()),
                      List.of(),
                      calibration,
                      images,
                      job.engine()));
            });
  }

  private Part lesions(
      String name,
      String title,
      Set<Kind> sections,
      List<String> command,
      UnaryOperator<LesionStudy> setUp,
      int limit,
      Function<LesionReport, Result> summary) {
    ImageSet images = test(limit);
    return new Part(
        name, title, sections, limited(command, images), new LesionWork(setUp, images, summary));
  }

  private ImageSet test(int limit) {
    return job.images().test().limit(limit);
  }

  private static List<String> limited(List<String> command, ImageSet images) {
    List<String> limited = new ArrayList<>(command);
    limited.addAll(List.of("--limit", String.valueOf(images.size())));
    return limited;
  }

  private static List<String> seed(long seed) {
    return List.of("--seed", String.valueOf(seed));
  }

  /** Blocks that random plans never move. */
  private Set<Integer> fixed(Architecture network) {
    Set<Integer> fixed = new TreeSet<>(exclusion().blocks(network));
    fixed.addAll(network.transitions());
    return fixed;
  }

  private Exclusion exclusion() {
    return job.exclusion().orElseGet(Exclusion::none);
  }

  /** What random deletions leave alone. */
  private Exclusion leftAlone(Architecture network) {
    Exclusion published = Exclusion.published();
    return network.size() - published.blocks(network).size() < LEAST_DELETABLE
        ? exclusion()
        : job.exclusion().orElse(published);
  }

  private boolean wanted(Set<Kind> sections) {
    return !Collections.disjoint(job.possible(), sections);
  }

  private static List<Part> list(List<Optional<Part>> parts) {
    return parts.stream().flatMap(Optional::stream).toList();
  }

  private static String fileName(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return plain.isEmpty() ? "network" : plain;
  }
}
