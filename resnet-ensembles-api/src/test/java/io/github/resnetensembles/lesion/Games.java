package io.github.resnetensembles.lesion;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.Shortcut;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Reports of made-up networks; bit i of a coalition is block i + 1. */
final class Games {
  private Games() {}

  static Architecture architecture(int blocks) {
    return Architecture.builder("game")
        .blocks(
            Collections.nCopies(blocks, BlockSpec.of(BlockKind.BASIC, 16, 1, Shortcut.IDENTITY)))
        .build();
  }

  static LesionReport exact(int players, int images, IntFunction<BitSet> wrong) {
    List<LesionRow> rows = new ArrayList<>();
    for (int coalition = 0; coalition < 1 << players; coalition++) {
      rows.add(
          Rows.row(PlannedLesion.of(lesion(players, coalition)), images, wrong.apply(coalition)));
    }
    return Rows.report(architecture(players), images, wrong.apply((1 << players) - 1), rows);
  }

  static LesionReport sampled(
      int players, int images, int draws, Random random, IntFunction<BitSet> wrong) {
    List<LesionRow> rows = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < players; i++) {
      order.add(i);
    }
    for (int draw = 1; draw <= draws; draw++) {
      Collections.shuffle(order, random);
      int coalition = (1 << players) - 1;
      for (int k = 1; k <= players; k++) {
        coalition &= ~(1 << order.get(k - 1));
        rows.add(
            Rows.row(
                Rows.drawn(lesion(players, coalition), k, draw), images, wrong.apply(coalition)));
      }
    }
    return Rows.report(architecture(players), images, wrong.apply((1 << players) - 1), rows);
  }

  static Lesion lesion(int players, int coalition) {
    Set<Integer> deleted = new TreeSet<>();
    for (int i = 0; i < players; i++) {
      if ((coalition >> i & 1) == 0) {
        deleted.add(i + 1);
      }
    }
    return deleted.isEmpty() ? Lesion.intact() : new Lesion.Delete(deleted);
  }
}
