package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.result.Result;
import java.util.List;

/**
 * Something that is measured of a network and kept as JSON.
 *
 * @param <R> what comes out
 */
interface Study<R extends Result> {
  /** This study, set up by what was measured of the same network before. */
  default Study<R> after(List<Result> earlier) {
    return this;
  }

  /** The images that it is measured on. */
  ImageSet images();

  /** How many images are computed at a time, where the engine takes as many as given. */
  default int batchSize(int engine) {
    return engine;
  }

  /** What it costs, in block evaluations. The weights do not matter. */
  double work(OpenNetwork network);

  /** Measures. */
  R run(OpenNetwork network, RunOptions options);

  /** The class of what comes out. */
  Class<R> type();

  /** Whether a result is complete and of this very study, whatever the network and its images. */
  boolean measured(R result, OpenNetwork network);

  /** What the report gets of it. */
  List<Result> shown(R result);
}
