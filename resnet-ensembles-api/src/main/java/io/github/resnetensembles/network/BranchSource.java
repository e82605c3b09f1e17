package io.github.resnetensembles.network;

import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.Require;

/** Where a step of a {@link Wiring} takes the output of its residual branch from. */
public sealed interface BranchSource {
  /** {@return whether it takes computing the branch at the step's input} */
  default boolean computed() {
    return false;
  }

  /** The branch's own output at the step's input. */
  record Own() implements BranchSource {
    @Override
    public boolean computed() {
      return true;
    }
  }

  /**
   * The branch's mean output over a reference set, in the intact network's forward pass (and the
   * test-time gain applied once, as for its own output).
   *
   * @param reference the images
   */
  record Mean(ReferenceSet reference) implements BranchSource {
    /**
     * Checks the components.
     *
     * @param reference the images
     */
    public Mean {
      Require.present("reference", reference);
    }
  }

  /**
   * The branch's output for another image, its donor, in the intact network's forward pass. The
   * donor is a function of the seed and the evaluated record's number alone; the same for all
   * blocks of the lesion; never the evaluated record itself, where the reference set holds it and
   * another one.
   *
   * @param reference the images that donors are drawn from
   * @param seed of the draw
   */
  record Resample(ReferenceSet reference, long seed) implements BranchSource {
    /**
     * Checks the components.
     *
     * @param reference the images that donors are drawn from
     * @param seed of the draw
     */
    public Resample {
      Require.present("reference", reference);
    }
  }

  /** {@return the branch's own output} */
  static BranchSource own() {
    return new Own();
  }
}
