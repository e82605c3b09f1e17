package io.github.resnetensembles.internal.running;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunOptions;

/** Refuses several wirings at once where they have no meaning. */
public final class WiringsAtOnce {
  private WiringsAtOnce() {}

  /**
   * Returns options that run each wiring alone.
   *
   * @param what would run them, such as "an evaluation"
   */
  public static RunOptions one(String what, RunOptions options) {
    if (options.wiringsAtOnce() > 1) {
      throw new InvalidInputException(
          "%s wirings at once have no effect on %s, only on lesion studies; leave the number out"
              .formatted(options.wiringsAtOnce(), what));
    }
    return options;
  }
}
