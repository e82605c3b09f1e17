package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BranchSource;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The algebra of wirings and lesions. */
final class Wirings {
  /** Far more steps than a network has blocks; duplications double their number again and again. */
  static final int MAX_STEPS = 1 << 16;

  private static final long MAX_REWRITTEN = 20_000_000;

  private Wirings() {}

  static Lesion compose(List<? extends Lesion> lesions) {
    List<Lesion> all = new ArrayList<>();
    lesions.forEach(lesion -> all.addAll(parts(lesion)));
    if (all.isEmpty()) {
      return Lesion.intact();
    }
    return all.size() == 1 ? all.get(0) : new Lesion.Sequence(all);
  }

  /** The lesions that a lesion is composed of, in order; none for the intact one. */
  static List<Lesion> parts(Lesion lesion) {
    if (lesion instanceof Lesion.Intact) {
      return List.of();
    }
    return lesion instanceof Lesion.Sequence sequence ? sequence.lesions() : List.of(lesion);
  }

  static Wiring apply(Lesion lesion, Architecture architecture) {
    return new Damaged(Lesion.intact(), architecture).with(lesion);
  }

  /** A network with some damage, to which more is done again and again. */
  public static final class Damaged {
    private final Architecture architecture;
    private final List<Step> start;
    private final boolean duplicated;

    /**
     * @throws InvalidLesionException if the damage does not fit the network
     */
    public Damaged(Lesion base, Architecture architecture) {
      this.architecture = architecture;
      this.start = new ArrayList<>(Wiring.intact(architecture).steps());
      this.duplicated = rewrite(start, base, false, architecture);
    }

    /**
     * The wiring with a further lesion.
     *
     * @throws InvalidLesionException if it does not fit the damaged network
     */
    public Wiring with(Lesion lesion) {
      List<Step> steps = new ArrayList<>(start);
      boolean unused = rewrite(steps, lesion, duplicated, architecture);
      Wiring wiring = new Wiring(steps);
      wiring.validate(architecture);
      return wiring;
    }
  }

  /** Applies a lesion; returns whether a block is duplicated by then. */
  private static boolean rewrite(
      List<Step> steps, Lesion lesion, boolean before, Architecture architecture) {
    boolean duplicated = before;
    long rewritten = 0;
    for (Lesion part : parts(lesion)) {
      rewritten += steps.size();
      if (rewritten > MAX_REWRITTEN) {
        throw new InvalidLesionException(
            String.format(
                "a lesion of %s parts on %s steps of blocks rewrites more than %s steps; join parts"
                    + " of one kind, as in delete{1,2}",
                parts(lesion).size(), steps.size(), MAX_REWRITTEN));
      }
      if (duplicated && (part instanceof Lesion.Swap || part instanceof Lesion.Order)) {
        throw new InvalidLesionException(
            part + " comes after a duplication, where a block's place is not unique; put it first");
      }
      rewrite(steps, part, architecture);
      duplicated |= part instanceof Lesion.Duplicate;
    }
    return duplicated;
  }

  private static void rewrite(List<Step> steps, Lesion part, Architecture architecture) {
    if (part instanceof Lesion.Delete delete) {
      change(
          steps,
          delete.blocks(),
          architecture,
          step -> {
            boolean plain = architecture.block(step.block()).spec().plain();
            return new Step(step.block(), plain ? 1 : step.skipGain(), 0, BranchSource.own());
          });
    } else if (part instanceof Lesion.DeleteSkip deleteSkip) {
      for (int number : deleteSkip.blocks()) {
        if (architecture.block(number).spec().plain()) {
          throw new InvalidLesionException(
              "block " + number + " is plain: it has no skip connection to delete");
        }
      }
      change(
          steps,
          deleteSkip.blocks(),
          architecture,
          step -> new Step(step.block(), 0, step.branchGain(), step.source()));
    } else if (part instanceof Lesion.Scale scale) {
      change(
          steps,
          Set.of(scale.block()),
          architecture,
          step -> {
            double gain = step.branchGain() * scale.factor();
            return new Step(step.block(), step.skipGain(), gain, step.source());
          });
    } else if (part instanceof Lesion.KeepOnly keep) {
      keepOnly(steps, keep.blocks(), architecture);
    } else if (part instanceof Lesion.Mean mean) {
      take(steps, mean.blocks(), architecture, new BranchSource.Mean(mean.reference()));
    } else if (part instanceof Lesion.Resample resample) {
      take(
          steps,
          resample.blocks(),
          architecture,
          new BranchSource.Resample(resample.reference(), resample.seed()));
    } else if (part instanceof Lesion.Duplicate duplicate) {
      duplicate(steps, duplicate.blocks(), architecture);
    } else if (part instanceof Lesion.Swap swap) {
      swap(steps, swap.pairs(), architecture);
    } else if (part instanceof Lesion.Order order) {
      reorder(steps, order.blocks(), architecture);
    } else {
      throw new IllegalStateException("no part of a lesion: " + part);
    }
  }

  /**
   * The blocks that a lesion deletes; refuses lesions that do anything else.
   *
   * @param consequence the end of the complaint
   */
  static Set<Integer> deletedAlone(Lesion lesion, String consequence) {
    return lesion
        .deletedBlocks()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "the row %s does more than delete blocks%s"
                        .formatted(Names.shorten(lesion), consequence)));
  }

  static void checkExist(Set<Integer> blocks, Architecture architecture) {
    for (int number : blocks) {
      Block unused = architecture.block(number);
    }
  }

  private static void change(
      List<Step> steps, Set<Integer> blocks, Architecture architecture, UnaryOperator<Step> rule) {
    checkExist(blocks, architecture);
    steps.replaceAll(step -> blocks.contains(step.block()) ? rule.apply(step) : step);
  }

  private static void take(
      List<Step> steps, Set<Integer> blocks, Architecture architecture, BranchSource source) {
    change(
        steps,
        blocks,
        architecture,
        step -> new Step(step.block(), step.skipGain(), step.branchGain(), source));
  }

  private static void keepOnly(List<Step> steps, Set<Integer> path, Architecture architecture) {
    checkExist(path, architecture);
    steps.replaceAll(
        step -> {
          if (path.contains(step.block())) {
            return new Step(step.block(), 0, step.branchGain(), step.source());
          }
          if (architecture.block(step.block()).spec().plain()) {
            throw new InvalidLesionException(
                ("block %s is plain: every path goes through its branch, so the path must list"
                        + " it")
                    .formatted(step.block()));
          }
          return new Step(step.block(), step.skipGain(), 0, BranchSource.own());
        });
  }

  private static void duplicate(List<Step> steps, Set<Integer> blocks, Architecture architecture) {
    for (int number : blocks) {
      Block block = architecture.block(number);
      if (block.transition()) {
        throw new InvalidLesionException(
            String.format(
                "block %s cannot be duplicated: it maps %s to %s",
                number, block.input(), block.output()));
      }
    }
    long size = steps.size() + steps.stream().filter(step -> blocks.contains(step.block())).count();
    if (size > MAX_STEPS) {
      throw new InvalidLesionException(
          String.format(
              "duplicating blocks again and again makes %s steps of the %s blocks of %s, more than"
                  + " %s; duplicate fewer times",
              size, architecture.size(), architecture.name(), MAX_STEPS));
    }
    List<Step> result = new ArrayList<>();
    for (Step step : steps) {
      result.add(step);
      if (blocks.contains(step.block())) {
        result.add(step);
      }
    }
    steps.clear();
    steps.addAll(result);
  }

  private static void swap(List<Step> steps, List<Lesion.Pair> pairs, Architecture architecture) {
    int[] places = places(steps, architecture);
    for (Lesion.Pair pair : pairs) {
      Block first = architecture.block(pair.first());
      Block second = architecture.block(pair.second());
      for (Block block : List.of(first, second)) {
        if (block.transition()) {
          throw new InvalidLesionException(
              String.format(
                  "cannot swap blocks %s: block %s maps %s to %s and must stay in its place",
                  pair, block.number(), block.input(), block.output()));
        }
      }
      if (!first.input().equals(second.input())) {
        throw new InvalidLesionException(
            String.format(
                "cannot swap blocks %s: block %s works on %s, block %s on %s",
                pair, first.number(), first.input(), second.number(), second.input()));
      }
      int place = places[pair.first()];
      Collections.swap(steps, place, places[pair.second()]);
      places[pair.first()] = places[pair.second()];
      places[pair.second()] = place;
    }
  }

  /** The index of each block's step, as long as every block has one. */
  private static int[] places(List<Step> steps, Architecture architecture) {
    int[] places = new int[architecture.size() + 1];
    for (int i = 0; i < steps.size(); i++) {
      places[steps.get(i).block()] = i;
    }
    return places;
  }

  private static void reorder(List<Step> steps, List<Integer> order, Architecture architecture) {
    if (order.size() != architecture.size()) {
      throw new InvalidLesionException(
          String.format(
              "the order lists %s blocks but %s has %s",
              order.size(), architecture.name(), architecture.size()));
    }
    int[] places = places(steps, architecture);
    List<Step> result = order.stream().map(block -> steps.get(places[block])).toList();
    steps.clear();
    steps.addAll(result);
  }
}
