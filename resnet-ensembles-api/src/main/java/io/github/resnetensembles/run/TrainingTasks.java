package io.github.resnetensembles.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Progress;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.io.JsonMappings;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingListener;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingSeries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Trainings from several seeds, each a task with a folder of its own. */
final class TrainingTasks {
  private final Training training;
  private final ImageSet images;
  private final ImageSet test;
  private final Path folder;

  private TrainingTasks(Training training, ImageSet images, ImageSet test, Path folder) {
    this.training = training;
    this.images = images;
    this.test = test;
    this.folder = folder;
  }

  static StudyTasks<TrainingSeries> of(
      Training training, ImageSet images, ImageSet test, Path folder, long... seeds) {
    List<Long> asked = ascending(seeds);
    TrainingTasks cut = new TrainingTasks(training, images, test, folder);
    // The keys do not depend on the other seeds: a series that grows finds what it had.
    Provenance provenance = training.recipe(cut.recipe(0)).provenance(images, test);
    String key = TaskKey.ofStudy(JsonMappings.kind(TrainingSeries.class), provenance, cut.asked());
    List<StudyTask<TrainingSeries>> tasks = new ArrayList<>();
    asked.forEach(seed -> tasks.add(cut.task(key, seed)));
    return new CutStudy<>(
        TrainingSeries.class,
        key,
        "train %s on %s with %s"
            .formatted(
                training.architecture().name(),
                images.name(),
                asked.size() == 1 ? "one seed" : asked.size() + " seeds"),
        tasks,
        cut.cost() * tasks.size(),
        provenance,
        // What the store let in may be mixed.
        results ->
            new TrainingSeries(
                asked, TrainingSeries.merge(results, MergeOption.MIXED).trainings()));
  }

  private static List<Long> ascending(long... seeds) {
    SortedSet<Long> ascending = new TreeSet<>();
    for (long seed : seeds) {
      if (!ascending.add(seed)) {
        throw new InvalidInputException(
            "the seed %s was given twice; name each training's seed once".formatted(seed));
      }
    }
    if (ascending.isEmpty()) {
      throw new InvalidInputException("there is nothing to train: give at least one seed");
    }
    return List.copyOf(ascending);
  }

  private TrainingRecipe recipe(long seed) {
    return training.recipe().toBuilder().seed(seed).build();
  }

  private JsonObject asked() {
    JsonElement recipe = JsonNode.tree(TrainingRecipe.class, recipe(0)).deepCopy();
    recipe.getAsJsonObject().remove("seed");
    JsonObject asked = new JsonObject();
    asked.add("recipe", recipe);
    // Results say what the images are called.
    asked.addProperty("images", images.name());
    asked.addProperty("imagesSha256", images.sha256());
    asked.add("records", JsonNode.tree(RecordRange.class, RecordRange.of(images)));
    asked.add("testRecords", JsonNode.tree(RecordRange.class, RecordRange.of(test)));
    return asked;
  }

  private StudyTask<TrainingSeries> task(String study, long seed) {
    JsonObject piece = new JsonObject();
    piece.addProperty("seed", seed);
    String key = TaskKey.ofTask(study, piece);
    String description =
        "train %s with the seed %s".formatted(training.architecture().name(), seed);
    Training own = training.recipe(recipe(seed)).out(folder.resolve(key)).resume();
    return new CutTask<>(
        TrainingSeries.class,
        study,
        key,
        description,
        cost(),
        listener -> {
          TrainingListener told =
              new Told(training.listener(), listener, description, cost(), images.size());
          TrainingHistory history = own.listener(told).run(images, test).history();
          return new TrainingSeries(List.of(seed), List.of(history));
        });
  }

  /** Of one training, in block evaluations. */
  private long cost() {
    TrainingRecipe recipe = training.recipe();
    double trained =
        recipe.wiring().survivalProbabilities(training.architecture()).stream()
            .mapToDouble(Double::doubleValue)
            .sum();
    double epoch =
        StudyTasks.TRAINING * trained * images.size()
            + (double) training.architecture().size() * test.size();
    return Math.max(1, Math.round(recipe.epochs() * epoch));
  }

  /** Tells the training's own listener, and how far the task is. */
  private record Told(
      TrainingListener own, ProgressListener listener, String task, long cost, int images)
      implements TrainingListener {
    @Override
    public void onStep(Step step) {
      own.onStep(step);
      long done = (long) ((double) step.step() / step.totalSteps() * cost);
      listener.onProgress(new Progress(task, done, cost, 0, images));
    }

    @Override
    public void onEpoch(EpochRecord epoch) {
      own.onEpoch(epoch);
    }

    @Override
    public void onCheckpoint(Path file) {
      own.onCheckpoint(file);
    }

    @Override
    public void onNotice(String message) {
      own.onNotice(message);
    }
  }
}
