package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Exclusion;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Lesion;
import io.github.resnetensembles.LesionPlan;
import io.github.resnetensembles.PlannedLesion;
import io.github.resnetensembles.ReferenceSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which lesions are run: flags that combine in the order given, or a saved plan. */
final class PlanOptions {
  @ArgGroup(exclusive = true, multiplicity = "0..*", heading = "Lesions, in the order given:%n")
  List<LesionFlag> flags = new ArrayList<>();

  @Option(
      names = "--k",
      paramLabel = "a..b",
      converter = Range.Converter.class,
      description = "How many random blocks are deleted or duplicated.")
  @Nullable Range k;

  @Option(
      names = "--pairs",
      paramLabel = "a..b",
      converter = Range.Converter.class,
      description = "How many random pairs are swapped.")
  @Nullable Range pairs;

  @Option(names = "--draws", paramLabel = "N", description = "Draws for each k (default: 1).")
  @Nullable Integer draws;

  @Option(
      names = "--exclude",
      paramLabel = "none|transitions|published|LIST",
      defaultValue = "none",
      description = "Blocks that sweeps leave alone (default: none).")
  String exclude = "none";

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

  /** Checks that the flags go together, before anything is read. */
  void check() {
    if (planFile != null) {
      refuse(!flags.isEmpty(), "lesion flags");
      refuse(k != null, "--k");
      refuse(pairs != null, "--pairs");
      refuse(draws != null, "--draws");
      refuse(savePlan != null, "--save-plan");
      return;
    }
    if (flags.isEmpty()) {
      throw new InvalidInputException(
          "no lesion: give --delete, --swap, --duplicate or another lesion flag, or --plan FILE");
    }
    List<Sweep> sweeps = flags.stream().flatMap(flag -> flag.sweep().stream()).toList();
    if (sweeps.size() > 1) {
      throw new InvalidInputException(
          "one run takes one of each, random, pairs and subsets, got "
              + sweeps.size()
              + " of them");
    }
    String needed = sweeps.isEmpty() ? null : sweeps.get(0).rangeOption();
    checkRange("--k", k, needed, "--delete random or --duplicate random");
    checkRange("--pairs", pairs, needed, "--swap random");
    if (draws != null && needed == null) {
      throw new InvalidInputException("--draws needs a lesion flag with the word random");
    }
    for (LesionFlag flag : flags) {
      if (flag.sweep().isEmpty()) {
        flag.check();
      }
    }
  }

  /** Draws or reads the plan; {@code reference} is asked only if a lesion needs it. */
  LesionPlan plan(Architecture architecture, long seed, Supplier<ReferenceSet> reference) {
    LesionPlan plan =
        planFile == null ? draw(architecture, seed, reference) : InputFiles.plan(planFile);
    return shard == null ? plan : plan.shard(shard.number(), shard.of());
  }

  private LesionPlan draw(Architecture architecture, long seed, Supplier<ReferenceSet> reference) {
    Lesion before = Lesion.intact();
    Lesion after = Lesion.intact();
    Sweep sweep = null;
    for (LesionFlag flag : flags) {
      if (flag.sweep().isPresent()) {
        sweep = flag.sweep().get();
      } else if (sweep == null) {
        before = before.then(flag.lesion(reference, seed));
      } else {
        after = after.then(flag.lesion(reference, seed));
      }
    }
    if (sweep == null) {
      return LesionPlan.of(before).build(architecture);
    }
    Range range = sweep == Sweep.SWAP_RANDOM ? pairs : k;
    LesionPlan plan =
        sweep
            .builder(range == null ? new Range(1, 1) : range)
            .draws(draws == null ? 1 : draws)
            .seed(seed)
            .exclude(Exclusion.parse(exclude))
            .build(architecture);
    return surround(before, plan, after, architecture);
  }

  /** Every row between the lesions whose flags came before and after the sweep's. */
  private static LesionPlan surround(
      Lesion before, LesionPlan plan, Lesion after, Architecture architecture) {
    if (before.equals(Lesion.intact()) && after.equals(Lesion.intact())) {
      return plan;
    }
    List<PlannedLesion> rows = new ArrayList<>();
    for (PlannedLesion row : plan.rows()) {
      Lesion lesion = before.then(row.lesion()).then(after);
      lesion.applyTo(architecture).validate(architecture);
      rows.add(new PlannedLesion(lesion, row.k(), row.draw(), row.seed()));
    }
    String description = plan.description() + ", before it " + before + ", after it " + after;
    return new LesionPlan(plan.blocks(), description, plan.excluded(), rows);
  }

  private static void checkRange(
      String option, @Nullable Range range, @Nullable String needed, String flags) {
    if (option.equals(needed) && range == null) {
      throw new InvalidInputException(flags + " needs " + option + " a..b: how many are drawn");
    }
    if (!option.equals(needed) && range != null) {
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
