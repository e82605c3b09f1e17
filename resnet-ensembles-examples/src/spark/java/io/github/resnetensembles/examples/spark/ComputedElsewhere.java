package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.StudyTask;
import io.github.resnetensembles.run.StudyTasks;
import java.util.List;

/** A study as another machine computes it: a store that is not mixed may refuse that. */
record ComputedElsewhere<R extends Result>(StudyTasks<R> study, Provenance provenance)
    implements StudyTasks<R> {
  @Override
  public String key() {
    return study.key();
  }

  @Override
  public String description() {
    return study.description();
  }

  @Override
  public Class<R> type() {
    return study.type();
  }

  @Override
  public List<StudyTask<R>> tasks() {
    return study.tasks();
  }

  @Override
  public long wholeCost() {
    return study.wholeCost();
  }

  @Override
  public R merge(List<R> results) {
    return study.merge(results);
  }
}
