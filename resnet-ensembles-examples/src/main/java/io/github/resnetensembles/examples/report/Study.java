package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyTasks;
import java.util.List;

/**
 * Something that is measured of a network and kept as JSON.
 *
 * @param <R> what comes out
 */
interface Study<R extends Result> {
  /** Whether it is set up by what was measured before. */
  default boolean waits() {
    return false;
  }

  /** This study, set up by what was measured of the same network before. */
  default Study<R> after(List<Result> earlier) {
    return this;
  }

  /** What it costs, in block evaluations. The weights do not matter. */
  double work(OpenNetwork network);

  /** This study in pieces, on a network. */
  StudyTasks<R> pieces(OpenNetwork network, Engine engine);

  /** The class of what comes out. */
  Class<R> type();

  /** What the report gets of it. */
  List<Result> shown(R result);
}
