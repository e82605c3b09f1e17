package io.github.resnetensembles.run;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.result.Result;
import java.util.function.Function;

/** A task that knows what to do. */
record CutTask<R extends Result>(
    Class<R> type,
    String study,
    String key,
    String description,
    long cost,
    Function<ProgressListener, R> work)
    implements StudyTask<R> {
  @Override
  public R run(ProgressListener listener) {
    return work.apply(listener);
  }

  @Override
  public String toString() {
    return description;
  }
}
