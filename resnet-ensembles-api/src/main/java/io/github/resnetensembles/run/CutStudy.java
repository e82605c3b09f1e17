package io.github.resnetensembles.run;

import com.google.gson.JsonObject;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A study and its pieces.
 *
 * @param provenance that its result will have, but for time and work
 * @param merging puts pieces together
 * @param fileMerging puts those together that are too many for memory; empty where that is not
 *     possible
 */
record CutStudy<R extends Result>(
    Class<R> type,
    String key,
    String description,
    List<StudyTask<R>> tasks,
    long wholeCost,
    Provenance provenance,
    Function<List<R>, R> merging,
    Optional<Supplier<FileMerging>> fileMerging)
    implements StudyTasks<R> {
  CutStudy {
    tasks = List.copyOf(tasks);
  }

  /** A study whose results are put together in memory. */
  CutStudy(
      Class<R> type,
      String key,
      String description,
      List<StudyTask<R>> tasks,
      long wholeCost,
      Provenance provenance,
      Function<List<R>, R> merging) {
    this(type, key, description, tasks, wholeCost, provenance, merging, Optional.empty());
  }

  /** As {@link StudyTasks#whole}. */
  static <R extends Result> CutStudy<R> whole(
      Class<R> type,
      String description,
      Provenance provenance,
      String asked,
      long cost,
      Function<ProgressListener, R> work) {
    if (cost < 1) {
      throw new InvalidInputException("a task costs at least 1 block evaluation, got " + cost);
    }
    JsonObject words = new JsonObject();
    words.addProperty("words", asked);
    String line = Names.oneLine(description, Names.MAX_KEPT);
    String key = TaskKey.ofStudy(JsonMappings.kind(type), provenance, words);
    StudyTask<R> task = new CutTask<>(type, key, TaskKey.ofTask(key), line, cost, work);
    return new CutStudy<>(
        type, key, line, List.of(task), cost, provenance, results -> results.get(0));
  }

  @Override
  public R merge(List<R> results) {
    return merging.apply(results);
  }

  @Override
  public String toString() {
    return description;
  }
}
