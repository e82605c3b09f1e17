package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.Interrupts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Several plans in one. */
final class JoinedPlans {
  /** More rows than any study can run; a plan beyond it is a typing error. */
  static final int MAX_ROWS = 5_000_000;

  private static final Interrupts INTERRUPTS = Interrupts.during("the rows of a plan were checked");

  private JoinedPlans() {}

  /** Refuses rows that occur twice, and rows of joined plans beside others. */
  static void checkRows(List<PlannedLesion> rows) {
    Set<PlannedLesion> seen = new HashSet<>();
    for (PlannedLesion row : rows) {
      INTERRUPTS.check(seen.size());
      if (!seen.add(row)) {
        throw new InvalidLesionException(
            "the plan lists " + Names.shorten(row.lesion()) + " twice");
      }
      if (row.plan().isPresent() != rows.get(0).plan().isPresent()) {
        throw new InvalidLesionException(
            ("the plan has rows with and without the number of a joined plan, see %s;"
                    + " number all of them or none")
                .formatted(row.lesion()));
      }
    }
  }

  static LesionPlan join(List<LesionPlan> plans) {
    if (plans.isEmpty()) {
      throw new InvalidLesionException("there is nothing to join: give at least one plan");
    }
    LesionPlan first = plans.get(0);
    if (plans.size() == 1) {
      return first;
    }
    checkBlocks(plans);
    checkDifferent(plans);
    if (plans.stream().mapToLong(plan -> plan.rows().size()).sum() > MAX_ROWS) {
      throw new InvalidLesionException(
          "the joined plan would have more than " + MAX_ROWS + " rows; join fewer");
    }
    List<PlannedLesion> rows = new ArrayList<>();
    int before = 0;
    for (LesionPlan plan : plans) {
      int last = before + 1;
      for (PlannedLesion row : plan.rows()) {
        INTERRUPTS.check(rows.size());
        int number = before + row.plan().orElse(1);
        last = Math.max(last, number);
        rows.add(row.inPlan(OptionalInt.of(number)));
      }
      before = last;
    }
    return new LesionPlan(
        first.blocks(),
        plans.stream().map(LesionPlan::description).collect(Collectors.joining("; ")),
        excluded(plans),
        rows);
  }

  private static void checkBlocks(List<LesionPlan> plans) {
    LesionPlan first = plans.get(0);
    for (LesionPlan plan : plans) {
      if (plan.blocks() != first.blocks()) {
        throw new InvalidLesionException(
            ("plans of networks with %s and %s blocks cannot be joined; draw both for one"
                    + " network")
                .formatted(first.blocks(), plan.blocks()));
      }
    }
  }

  private static void checkDifferent(List<LesionPlan> plans) {
    Map<List<PlannedLesion>, LesionPlan> seen = new HashMap<>();
    for (LesionPlan plan : plans) {
      List<PlannedLesion> rows =
          plan.rows().stream().map(row -> row.inPlan(OptionalInt.empty())).toList();
      LesionPlan same = rows.isEmpty() ? null : seen.put(rows, plan);
      if (same != null) {
        throw new InvalidLesionException(
            String.format(
                "two joined plans have the same rows, '%s' and '%s'; leave one out",
                same.description(), plan.description()));
      }
    }
  }

  /** A plan without exclusion may stand beside one with it if it leaves the same blocks alone. */
  private static List<Integer> excluded(List<LesionPlan> plans) {
    List<Integer> excluded =
        plans.stream()
            .map(LesionPlan::excluded)
            .filter(blocks -> !blocks.isEmpty())
            .findFirst()
            .orElse(List.of());
    for (LesionPlan plan : plans) {
      boolean fits =
          plan.excluded().equals(excluded)
              || (plan.excluded().isEmpty()
                  && plan.rows().stream()
                      .noneMatch(
                          row ->
                              !Collections.disjoint(
                                  row.lesion().damagedBlocks(plan.blocks()), excluded)));
      if (!fits) {
        throw new InvalidLesionException(
            ("plans that exclude different blocks cannot be joined: one excludes %s, '%s'"
                    + " %s; exclude the same blocks in both, or run them one by one")
                .formatted(
                    excluded,
                    plan.description(),
                    plan.excluded().isEmpty()
                        ? "damages some of them"
                        : plan.excluded().toString()));
      }
    }
    return excluded;
  }
}
