package io.github.resnetensembles.examples.report;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.run.StudyTasks;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingListener;
import io.github.resnetensembles.training.TrainingRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A training, in a folder of its own that says what it is.
 *
 * @param architecture the network
 * @param recipe how it is trained
 * @param images what it is trained on
 * @param test what it is evaluated on after each epoch
 * @param command that trains the same network, but for the engine's flags
 */
record TrainingTask(
    Architecture architecture,
    TrainingRecipe recipe,
    ImageSet images,
    ImageSet test,
    List<String> command)
    implements NetworkSource {
  private static final int STEPS_BETWEEN_CHECKPOINTS = 50;
  private static final int CHECKPOINTS_KEPT = 2;
  private static final String WEIGHTS = "weights.safetensors";
  private static final String DESCRIPTION = "report-training.json";

  TrainingTask {
    command = List.copyOf(command);
  }

  /** What it costs, in block evaluations. */
  double work() {
    double blocksTrained =
        recipe.wiring().survivalProbabilities(architecture).stream().mapToDouble(p -> p).sum();
    return recipe.epochs()
        * (StudyTasks.TRAINING * blocksTrained * images.size()
            + (double) architecture.size() * test.size());
  }

  /** The file of the trained network. */
  static Path weights(Path folder) {
    return folder.resolve(WEIGHTS);
  }

  /** Trains; goes on with what the folder holds if that is this training, and asked for. */
  TrainingHistory run(
      Path folder, boolean resume, Engine engine, Meter meter, ReportListener listener) {
    boolean goOn = resume && begun(folder, engine, listener);
    if (!goOn) {
      begin(folder, engine);
    }
    Training training =
        Training.of(architecture)
            .recipe(recipe)
            .backend(engine.backend())
            .options(engine.options())
            .out(folder)
            .checkpoints(STEPS_BETWEEN_CHECKPOINTS, CHECKPOINTS_KEPT);
    Steps steps = new Steps(meter, listener);
    TrainingHistory history =
        (goOn ? training.resume() : training).listener(steps).run(images, test).history();
    if (!steps.any) {
      meter.skip(1);
    }
    return history;
  }

  private boolean begun(Path folder, Engine engine, ReportListener listener) {
    Path file = folder.resolve(DESCRIPTION);
    if (!Files.exists(file)) {
      return false;
    }
    try {
      if (Files.readString(file).equals(description(engine))) {
        return true;
      }
    } catch (IOException e) {
      listener.onNotice("cannot read " + file + ": " + ResultFiles.reason(e));
    }
    listener.onNotice(folder + " holds another training; this one starts from the beginning");
    return false;
  }

  /** Empties the folder of what an earlier training left, and says what it will hold. */
  private void begin(Path folder, Engine engine) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw ReportRun.cannotUse(folder, e);
    } catch (UncheckedIOException e) {
      throw ReportRun.cannotUse(folder, Objects.requireNonNull(e.getCause()));
    }
    ResultFiles.write(folder.resolve(DESCRIPTION), description(engine));
  }

  /** What says in the folder which training it holds. */
  String description(Engine engine) {
    JsonObject json = new JsonObject();
    json.addProperty("libraryVersion", engine.version());
    json.addProperty("backend", engine.backend().name());
    json.addProperty("precision", engine.options().precision().name());
    json.add("architecture", JsonParser.parseString(architecture.toJson()));
    json.add("recipe", JsonParser.parseString(recipe.toJson()));
    json.addProperty("images", described(images));
    json.addProperty("test", described(test));
    return json + "\n";
  }

  private static String described(ImageSet images) {
    return RecordRange.of(images) + " of " + images.sha256();
  }

  /** Tells the meter; the first step of a resumed training says how many there were before. */
  private static final class Steps implements TrainingListener {
    private final Meter meter;
    private final ReportListener listener;
    private boolean any;

    Steps(Meter meter, ReportListener listener) {
      this.meter = meter;
      this.listener = listener;
    }

    @Override
    public void onStep(Step step) {
      if (!any) {
        any = true;
        meter.skip((step.step() - 1.0) / step.totalSteps());
      }
      meter.reach((double) step.step() / step.totalSteps());
    }

    @Override
    public void onEpoch(EpochRecord epoch) {
      any = true;
    }

    @Override
    public void onNotice(String message) {
      listener.onNotice(message);
    }
  }
}
