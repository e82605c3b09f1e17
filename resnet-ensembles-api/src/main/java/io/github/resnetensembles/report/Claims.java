package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.EffectiveLengths;
import io.github.resnetensembles.gradient.GradientDecay;
import io.github.resnetensembles.gradient.GradientMeasurement;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.report.Claim.Kind;
import io.github.resnetensembles.report.Claim.Verdict;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.training.TrainingHistory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Judges the paper's claims by a report's results. */
final class Claims {
  private static final double LEVEL = Interval.DEFAULT_LEVEL;

  private final Networks networks;
  private final NetworkResults main;

  private Claims(Networks networks) {
    this.networks = networks;
    this.main = networks.main();
  }

  /** All claims, in order. */
  static List<Claim> of(Networks networks) {
    Claims claims = new Claims(networks);
    List<Claim> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      all.add(claims.judge(kind));
    }
    return all;
  }

  /** What the results say: a verdict, the number it rests on, and the words for it. */
  private record Finding(Verdict verdict, Optional<Estimate> measured, String text) {
    static Finding of(Verdict verdict, Estimate measured, String text) {
      return new Finding(verdict, Optional.of(measured), text);
    }

    static Finding none(String why) {
      return new Finding(Verdict.CANNOT_BE_SHOWN, Optional.empty(), why);
    }
  }

  private Claim judge(Kind kind) {
    Finding finding =
        switch (kind) {
          case ONE_DELETION -> oneDeletion();
          case PLAIN_NETWORK -> plainNetwork();
          case MANY_DELETIONS -> manyDeletions();
          case REORDERING -> reordering();
          case GRADIENT_DECAY -> gradientDecay();
          case SHORT_PATHS -> shortPaths();
          case EFFECTIVE_TRAINING -> effectiveTraining();
          case STOCHASTIC_DEPTH -> stochasticDepth();
        };
    return new Claim(
        kind,
        statement(kind),
        finding.verdict(),
        finding.text(),
        finding.measured(),
        authors(kind));
  }

  private static String statement(Kind kind) {
    return switch (kind) {
      case ONE_DELETION -> "Deleting one block of a residual network hardly matters.";
      case PLAIN_NETWORK -> "A network without skip connections does not survive it.";
      case MANY_DELETIONS -> "The error rises smoothly with the number of deleted blocks.";
      case REORDERING -> "The error rises smoothly as blocks are reordered.";
      case GRADIENT_DECAY -> "The gradient through a path falls exponentially with its length.";
      case SHORT_PATHS -> "The gradient comes through a few short paths.";
      case EFFECTIVE_TRAINING -> "Training the effective paths only is as good.";
      case STOCHASTIC_DEPTH -> "Stochastic depth makes a network more robust to deletions.";
    };
  }

  /** Why a network's lesions cannot show anything; empty if they can. */
  static Optional<String> unfit(NetworkResults network) {
    if (!network.trained()) {
      return Optional.of(network.label() + " is untrained.");
    }
    double half = chance(network) / 2;
    return network
        .intact()
        .filter(intact -> intact.errorRate().interval().high() >= half)
        .map(
            intact ->
                "%s did not learn enough: its error is %s, and half of chance is %s."
                    .formatted(
                        network.label(), Say.percent(intact.errorRate()), Say.percent(half)));
  }

  static double chance(NetworkResults network) {
    return NetworkResults.chance(network.provenance());
  }

  private Finding oneDeletion() {
    if (main.plain()) {
      return Finding.none(main.label() + " has no skip connections.");
    }
    return medianShare(main)
        .map(
            estimate ->
                Finding.of(
                    ClaimRules.below(estimate.interval(), ClaimRules.HARDLY),
                    estimate,
                    typicalDamage(main, estimate)))
        .orElseGet(() -> missing(main, "single deletions"));
  }

  private Finding plainNetwork() {
    Optional<NetworkResults> plain =
        networks.all().stream()
            .filter(network -> network.plain() && deletions(network).isPresent())
            .findFirst();
    if (plain.isEmpty()) {
      return Finding.none("No network without skip connections is in this report.");
    }
    return medianShare(plain.get())
        .map(
            estimate ->
                Finding.of(
                    ClaimRules.above(estimate.interval(), ClaimRules.HALF),
                    estimate,
                    typicalDamage(plain.get(), estimate) + withSkips(plain.get())))
        .orElseGet(() -> missing(plain.get(), "single deletions"));
  }

  /** The same of a network that differs by its skip connections; empty if there is none. */
  private String withSkips(NetworkResults plain) {
    return networks.all().stream()
        .filter(network -> !network.plain() && !network.stochasticDepth())
        .filter(network -> network.architecture().size() == plain.architecture().size())
        .flatMap(network -> medianShare(network).map(share -> withSkips(network, share)).stream())
        .findFirst()
        .orElse("");
  }

  private static String withSkips(NetworkResults network, Estimate share) {
    return " With skip connections (%s, %s) it costs %s."
        .formatted(
            network.label(), Say.count(network.architecture().size(), "block"), Say.percent(share));
  }

  private static String typicalDamage(NetworkResults network, Estimate share) {
    return "%s: the median deletion costs %s of the room from its error to chance."
        .formatted(network.label(), Say.percent(share));
  }

  private static Optional<LesionReport> deletions(NetworkResults network) {
    return network.studies(Study.DELETE_ONE).findFirst();
  }

  /** The median share of damage; empty where it cannot be had. */
  private static Optional<Estimate> medianShare(NetworkResults network) {
    if (unfit(network).isPresent()) {
      return Optional.empty();
    }
    return deletions(network).map(report -> report.statistics().damageShares().median());
  }

  private static Finding missing(NetworkResults network, String what) {
    return Finding.none(
        unfit(network).orElse("No " + what + " of " + network.label() + " are in this report."));
  }

  private Finding manyDeletions() {
    return curve(
        Study.DELETE_MANY,
        "random deletions",
        report -> report.statistics().curve(),
        point -> Say.number(point.at()));
  }

  private Finding reordering() {
    return curve(
        Study.REORDER,
        "reorderings",
        report -> {
          List<CurvePoint> ascending = new ArrayList<>(ReorderSection.Reordering.means(report));
          Collections.reverse(ascending);
          return ascending;
        },
        point -> "tau " + Say.format("%.2f", point.at()));
  }

  private Finding curve(
      Study study,
      String what,
      Function<LesionReport, List<CurvePoint>> points,
      Function<CurvePoint, String> place) {
    Optional<LesionReport> report =
        main.studies(study)
            .filter(found -> found.rows().stream().allMatch(row -> row.planned().k().isPresent()))
            .findFirst();
    if (main.plain() || report.isEmpty() || unfit(main).isPresent()) {
      return main.plain()
          ? Finding.none(main.label() + " has no skip connections.")
          : missing(main, what);
    }
    List<CurvePoint> curve;
    try {
      curve =
          points.apply(report.get()).stream()
              .filter(point -> point.interval().isPresent())
              .toList();
    } catch (InvalidInputException e) {
      return Finding.none("There are too few draws for intervals.");
    }
    if (curve.size() < 2) {
      return Finding.none(
          "A curve needs two points of at least %s different draws each."
              .formatted(CurvePoint.MIN_DISTINCT));
    }
    Estimate intact = SingleDeletions.errorRate(report.get().baseline());
    CurvePoint middle = curve.get((curve.size() - 1) / 2);
    CurvePoint last = curve.get(curve.size() - 1);
    double room = chance(main) - intact.value();
    Verdict verdict = ClaimRules.smooth(intact, curve, room);
    String doubt =
        verdict == Verdict.UNDECIDED
            ? ClaimRules.doubtful(intact, curve, room)
                .map(step -> doubt(step, place.apply(step.to()), room))
                .orElse("")
            : "";
    return new Finding(
        verdict,
        Optional.of(last.errorRate()),
        "%s, on %s images: mean error %s intact, %s at %s, %s at %s.%s"
            .formatted(
                DamageCurve.label(main.label(), report.get()),
                report.get().baseline().total(),
                Say.percent(intact.value()),
                Say.percent(middle.errorRate()),
                place.apply(middle),
                Say.percent(last.errorRate()),
                place.apply(last),
                doubt));
  }

  private static String doubt(ClaimRules.Step step, String place, double room) {
    return " The step to %s may be of %s points, a third of the room is %s."
        .formatted(
            place,
            Say.format("%.0f", 100 * step.interval().high()),
            Say.format("%.0f", 100 * ClaimRules.LARGEST_STEP * room));
  }

  private Optional<PathGradients> gradients(Class<? extends GradientMeasurement> measurement) {
    return main.all(PathGradients.class).stream()
        .filter(gradients -> measurement.isInstance(gradients.protocol().measurement()))
        .findFirst();
  }

  private Finding gradientDecay() {
    if (!main.trained()) {
      return Finding.none(main.label() + " is untrained.");
    }
    Optional<PathGradients> sampled = gradients(GradientMeasurement.SampledPaths.class);
    if (sampled.isEmpty()) {
      return missing(main, "gradients of sampled paths");
    }
    Optional<GradientDecay> decay = sampled.get().decay();
    Optional<Interval> slope = decay.flatMap(line -> line.slopeInterval(LEVEL));
    if (decay.isEmpty() || slope.isEmpty()) {
      return Finding.none("A line through the norms needs at least three lengths.");
    }
    Estimate estimate = new Estimate(decay.get().slope(), slope.get());
    return Finding.of(
        ClaimRules.exponential(slope.get(), decay.get().r2()),
        estimate,
        "%s: each further block multiplies the norm by %s; R² is %s over %s lengths."
            .formatted(
                main.label(),
                Say.number(
                    new Estimate(
                        Math.exp(estimate.value()),
                        new Interval(
                            Math.exp(slope.get().low()), Math.exp(slope.get().high()), LEVEL))),
                Say.format("%.3f", decay.get().r2()),
                decay.get().lengths()));
  }

  private Finding shortPaths() {
    if (!main.trained()) {
      return Finding.none(main.label() + " is untrained.");
    }
    Optional<PathGradients> exact = gradients(GradientMeasurement.ExactSums.class);
    if (exact.isEmpty()) {
      return missing(main, "exact sums of gradients");
    }
    Optional<EffectiveLengths> effective = GradientsSection.effective(exact.get());
    if (effective.isEmpty()) {
      return Finding.none("The sums lack too much of the gradient to say.");
    }
    EffectiveLengths found = effective.get();
    return new Finding(
        ClaimRules.few(found.pathShare()),
        Optional.empty(),
        "%s: lengths %s to %s carry %s of the gradient and are %s of all paths."
            .formatted(
                main.label(),
                found.from(),
                found.to(),
                Say.percent(found.mass()),
                Say.percent(found.pathShare())));
  }

  private Finding effectiveTraining() {
    Optional<NetworkResults> twin = control(NetworkResults::effectivePaths);
    if (twin.isEmpty()) {
      return Finding.none("No network trained on effective paths only is in this report.");
    }
    Optional<TrainingHistory> own = training(main);
    Optional<TrainingHistory> other = training(twin.get());
    if (own.isEmpty() || other.isEmpty()) {
      return Finding.none("How both networks were trained is not in this report.");
    }
    if (own.get().last().steps() != other.get().last().steps()) {
      return Finding.none(
          "The trainings are not alike: %s steps with all blocks, %s with the effective paths."
              .formatted(own.get().last().steps(), other.get().last().steps()));
    }
    if (unfit(main).isPresent() || main.intact().isEmpty() || twin.get().intact().isEmpty()) {
      return missing(main, "evaluations");
    }
    NetworkResults.Intact without = main.intact().get();
    NetworkResults.Intact with = twin.get().intact().get();
    Estimate difference = with.errorRate().minus(without.errorRate());
    return Finding.of(
        ClaimRules.within(difference.interval(), ClaimRules.ONE_POINT),
        difference,
        "Error %s with the effective paths, %s with all (one training each, of %s steps); difference %s"
            .formatted(
                Say.percent(with.errorRate()),
                Say.percent(without.errorRate()),
                own.get().last().steps(),
                points(difference)));
  }

  private static String points(Estimate difference) {
    return "%s points [%s, %s]."
        .formatted(
            Say.points(difference.value()),
            Say.points(difference.interval().low()),
            Say.points(difference.interval().high()));
  }

  private Finding stochasticDepth() {
    Optional<NetworkResults> twin =
        control(network -> network.stochasticDepth() && deletions(network).isPresent());
    if (twin.isEmpty()) {
      return Finding.none("No network trained with stochastic depth is in this report.");
    }
    for (NetworkResults network : List.of(main, twin.get())) {
      if (unfit(network).isPresent() || deletions(network).isEmpty()) {
        return missing(network, "single deletions");
      }
    }
    Estimate with = damage(twin.get());
    Estimate without = damage(main);
    Estimate difference = with.minus(without);
    return Finding.of(
        ClaimRules.below(difference.interval(), 0),
        difference,
        ("The mean deletion costs %s of the room with stochastic depth, %s without (one training"
                + " each, of %s); difference %s")
            .formatted(
                Say.percent(with),
                Say.percent(without),
                bothSteps(steps(twin.get()), steps(main)),
                points(difference)));
  }

  private static String bothSteps(Optional<String> with, Optional<String> without) {
    return with.isPresent() && with.equals(without)
        ? with.get()
        : with.orElse("unknown steps") + " and " + without.orElse("unknown steps");
  }

  /** How long a network was trained; empty if its training is not in the report. */
  static Optional<String> steps(NetworkResults network) {
    return training(network)
        .map(training -> training.last().steps())
        .map(steps -> steps + (steps == 1 ? " step" : " steps"));
  }

  private static Estimate damage(NetworkResults network) {
    return deletions(network).orElseThrow().statistics().damageShares().mean();
  }

  /** One as deep as the main network. */
  private Optional<NetworkResults> control(Predicate<NetworkResults> wanted) {
    return networks.controls().stream()
        .filter(network -> network.architecture().size() == main.architecture().size())
        .filter(wanted)
        .findFirst();
  }

  private static Optional<TrainingHistory> training(NetworkResults network) {
    return network.all(TrainingHistory.class).stream().findFirst();
  }

  private static String authors(Kind kind) {
    PublishedNetwork deepest = Published.deepest();
    return switch (kind) {
      case ONE_DELETION ->
          "median error %s after one deletion, %s intact"
              .formatted(Say.percent(Published.median(deepest)), Say.percent(deepest.errorRate()));
      case PLAIN_NETWORK ->
          "VGG-15: mean error %s after one deletion".formatted(Say.percent(Published.vgg()));
      case MANY_DELETIONS ->
          Published.medians("delete_k_without_transition_blocks", "deletion", 1, 10, 20);
      case REORDERING -> Published.medians("permute_by_pairs", "swapped pair", 1, 5, 10);
      case GRADIENT_DECAY -> "exponential decay (figure 6b)";
      case SHORT_PATHS -> "lengths 5 to 17 of 54, 0.45 % of all paths (figure 6c)";
      case EFFECTIVE_TRAINING -> "5.96 % with 23 of 54 blocks, 6.10 % with all";
      case STOCHASTIC_DEPTH ->
          "mean error %s after one deletion with it, %s without"
              .formatted(
                  Say.percent(Published.mean(Published.deepestStochasticDepth())),
                  Say.percent(Published.mean(deepest)));
    };
  }
}
