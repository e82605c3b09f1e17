package io.github.resnetensembles.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefixTreeTest {
  /**
   * Before the last child the parent's activation is freed: it must be the child that is deepest.
   */
  @Test
  void theChildThatLeadsToTheMostWiringsIsLast() {
    Architecture architecture = Architecture.resnet(20);
    List<Wiring> wirings = new ArrayList<>();
    wirings.add(Wiring.intact(architecture));
    for (int block = 1; block <= architecture.size(); block++) {
      wirings.add(Lesion.delete(block).applyTo(architecture));
    }
    PrefixTree.Node node = new PrefixTree(wirings).root();
    for (int depth = 1; depth <= architecture.size(); depth++) {
      List<PrefixTree.Node> children = node.children();
      assertThat(children).as("depth %d", depth).hasSize(2);
      assertThat(leaves(children.get(0))).isEqualTo(1);
      assertThat(leaves(children.get(1))).isEqualTo(architecture.size() - depth + 1);
      node = children.get(1);
    }
  }

  private static int leaves(PrefixTree.Node node) {
    return node.wirings().size() + node.children().stream().mapToInt(PrefixTreeTest::leaves).sum();
  }
}
