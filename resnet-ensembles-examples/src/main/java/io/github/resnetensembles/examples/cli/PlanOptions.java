package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.network.Architecture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which lesions are run: flags that combine in the order given, or a saved plan. */
final class PlanOptions {
  @ArgGroup(exclusive = true, multiplicity = "0..*", heading = "Lesions, in the order given:%n")
  List<LesionFlag> flags = new ArrayList<>();

  @Option(
      names = "--k",
      paramLabel = "a..b",
      converter = Range.Converter.class,
      description =
          "How many random blocks are deleted or duplicated, for every flag with the word random.")
  @Nullable Range k;

  @Option(
      names = "--pairs",
      paramLabel = "a..b",
      converter = Range.Converter.class,
      description = "How many random pairs are swapped.")
  @Nullable Range pairs;

  @Option(
      names = "--draws",
      paramLabel = "N",
      description = "Draws for each k, of every flag with the word random (default: 1).")
  @Nullable Integer draws;

  @Mixin final SequenceOptions sequence = new SequenceOptions();

  @Option(
      names = "--exclude",
      paramLabel = "none|transitions|published|LIST",
      description = "Blocks that sweeps leave alone (default: none).")
  @Nullable String exclude;

  @Option(names = "--plan", paramLabel = "FILE", description = "Runs a plan that was saved.")
  @Nullable Path planFile;

  @Option(
      names = "--save-plan",
      paramLabel = "FILE",
      description = "Writes the plan and does not run it; - is standard output.")
  @Nullable Output savePlan;

  @Option(
      names = "--shard",
      paramLabel = "i/n",
      converter = Shard.Converter.class,
      description = "Runs one share of the plan, i from 1 to n.")
  @Nullable Shard shard;

  /**
   * Checks that the flags go together, before anything is read.
   *
   * @param inPieces whether the study has a store
   */
  void check(boolean inPieces) {
    sequence.check("error rates", 0.05, inPieces);
    if (planFile != null) {
      refuse(sequence.given(), "--interval-width");
      refuse(!flags.isEmpty(), "lesion flags");
      refuse(k != null, "--k");
      refuse(pairs != null, "--pairs");
      refuse(draws != null, "--draws");
      refuse(exclude != null, "--exclude");
      refuse(savePlan != null, "--save-plan");
      return;
    }
    if (flags.isEmpty()) {
      throw new InvalidInputException(
          "no lesion: give --delete, --swap, --duplicate or another lesion flag, or --plan FILE");
    }
    List<Sweep> sweeps = sweeps();
    for (Sweep sweep : sweeps) {
      if (Collections.frequency(sweeps, sweep) > 1) {
        throw new InvalidInputException(sweep.words() + " is given twice; give it once");
      }
    }
    checkRange("--k", k, sweeps, "--delete random or --duplicate random");
    checkRange("--pairs", pairs, sweeps, "--swap random");
    if (draws != null && sweeps.stream().allMatch(sweep -> sweep.rangeOption() == null)) {
      throw new InvalidInputException("--draws needs a lesion flag with the word random");
    }
    if (exclude != null && sweeps.isEmpty()) {
      throw new InvalidInputException(
          "--exclude needs a lesion flag with the word each, random, pairs or subsets: other flags"
              + " damage the blocks that they name");
    }
    if (exclude != null) {
      Exclusion unused = Exclusion.parse(exclude);
    }
    checkOrder();
    checkWidth(sweeps);
    for (LesionFlag flag : flags) {
      if (flag.sweep().isEmpty()) {
        flag.check();
      }
    }
  }

  private void checkWidth(List<Sweep> sweeps) {
    if (!sequence.given()) {
      return;
    }
    if (flags.size() != 1 || sweeps.size() != 1 || sweeps.get(0).rangeOption() == null) {
      throw new InvalidInputException(
          "--interval-width needs one lesion flag, with the word random, such as --delete random");
    }
    widthSays(draws != null, "--draws");
    widthSays(shard != null, "--shard");
    widthSays(savePlan != null, "--save-plan");
  }

  private static void widthSays(boolean given, String flag) {
    if (given) {
      throw new InvalidInputException(
          "--interval-width plans as it goes what is drawn and run: leave out " + flag);
    }
  }

  /** What --interval-width draws. */
  LesionPlan.Builder drawn(long seed) {
    return builder(sweeps().get(0), seed);
  }

  private List<Sweep> sweeps() {
    return flags.stream().flatMap(flag -> flag.sweep().stream()).toList();
  }

  /** Single lesions surround the sweeps: between two it would be open which they belong to. */
  private void checkOrder() {
    for (int i = firstSweep(); i <= lastSweep(); i++) {
      if (flags.get(i).sweep().isEmpty()) {
        throw new InvalidInputException(
            ("a single lesion stands between %s and a later sweep; give it before all of"
                    + " them, or after all of them")
                .formatted(flags.get(i - 1).sweep().orElseThrow().words()));
      }
    }
  }

  /** The index of the first sweep's flag; the number of flags if there is none. */
  private int firstSweep() {
    int first = 0;
    while (first < flags.size() && flags.get(first).sweep().isEmpty()) {
      first++;
    }
    return first;
  }

  /** The index of the last sweep's flag; -1 if there is none. */
  private int lastSweep() {
    int last = flags.size() - 1;
    while (last >= 0 && flags.get(last).sweep().isEmpty()) {
      last--;
    }
    return last;
  }

  /** Whether a lesion flag takes images of --reference; with a saved plan, nobody knows yet. */
  boolean takesReference() {
    return planFile != null || flags.stream().anyMatch(LesionFlag::takesReference);
  }

  /** Draws or reads the whole plan; {@code reference} is asked only if a lesion needs it. */
  LesionPlan plan(Architecture architecture, long seed, Supplier<ReferenceSet> reference) {
    return planFile == null ? draw(architecture, seed, reference) : InputFiles.plan(planFile);
  }

  /** The share of a plan that is asked for. */
  LesionPlan share(LesionPlan plan) {
    return shard == null ? plan : plan.shard(shard.number(), shard.of());
  }

  private LesionPlan draw(Architecture architecture, long seed, Supplier<ReferenceSet> reference) {
    int first = firstSweep();
    Lesion before = single(flags.subList(0, first), reference, seed);
    if (first == flags.size()) {
      return LesionPlan.of(before).build(architecture);
    }
    Lesion after = single(flags.subList(lastSweep() + 1, flags.size()), reference, seed);
    LesionPlan plan =
        LesionPlan.join(
            sweeps().stream()
                .map(sweep -> builder(sweep, seed).build(architecture))
                .toArray(LesionPlan[]::new));
    return surround(before, plan, after, architecture);
  }

  private static Lesion single(
      List<LesionFlag> flags, Supplier<ReferenceSet> reference, long seed) {
    return Lesion.sequence(flags.stream().map(flag -> flag.lesion(reference, seed)).toList());
  }

  private LesionPlan.Builder builder(Sweep sweep, long seed) {
    Range range = sweep == Sweep.SWAP_RANDOM ? pairs : k;
    LesionPlan.Builder builder = sweep.builder(range == null ? new Range(1, 1) : range);
    if (sweep.rangeOption() != null) {
      builder = builder.seed(seed);
      builder = sequence.given() ? builder : builder.draws(draws == null ? 1 : draws);
    }
    return exclude == null ? builder : builder.exclude(Exclusion.parse(exclude));
  }

  /** Every row between the lesions whose flags came before and after those of the sweeps. */
  private static LesionPlan surround(
      Lesion before, LesionPlan plan, Lesion after, Architecture architecture) {
    if (before.equals(Lesion.intact()) && after.equals(Lesion.intact())) {
      return plan;
    }
    List<PlannedLesion> rows = new ArrayList<>();
    for (PlannedLesion row : plan.rows()) {
      Lesion lesion = Lesion.sequence(List.of(before, row.lesion(), after));
      lesion.applyTo(architecture).validate(architecture);
      rows.add(new PlannedLesion(lesion, row.k(), row.draw(), row.seed(), row.plan()));
    }
    String description = plan.description() + ", before it " + before + ", after it " + after;
    return new LesionPlan(plan.blocks(), description, plan.excluded(), rows);
  }

  private static void checkRange(
      String option, @Nullable Range range, List<Sweep> sweeps, String flags) {
    boolean needed = sweeps.stream().anyMatch(sweep -> option.equals(sweep.rangeOption()));
    if (needed && range == null) {
      throw new InvalidInputException(flags + " needs " + option + " a..b: how many are drawn");
    }
    if (!needed && range != null) {
      throw new InvalidInputException(option + " needs " + flags);
    }
  }

  private static void refuse(boolean given, String what) {
    if (given) {
      throw new InvalidInputException(
          "--plan runs a plan as it was saved; it does not go with " + what);
    }
  }
}
