package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.util.OptionalDouble;

/**
 * How a network, perhaps lesioned, did on some images.
 *
 * @param row the counts, with the lesion
 * @param provenance where the result comes from
 */
public record Evaluation(LesionRow row, Provenance provenance) implements Result {
  /**
   * Checks the components.
   *
   * @param row the counts
   * @param provenance where the result comes from
   */
  public Evaluation {
    Require.present("row", row);
    Require.present("provenance", provenance);
  }

  /** {@return the wrong predictions} */
  public int wrong() {
    return row.wrong();
  }

  /** {@return the number of images} */
  public int total() {
    return row.total();
  }

  /** {@return wrong / total, in [0, 1]} */
  public double errorRate() {
    return row.errorRate();
  }

  /** {@return the mean cross-entropy in nats; empty if one image's was not finite} */
  public OptionalDouble loss() {
    return row.loss();
  }

  /** {@return this evaluation as JSON; machine facts stand under {@code provenance} only} */
  @Override
  public String toJson() {
    return EvaluationJson.write(this);
  }
}
