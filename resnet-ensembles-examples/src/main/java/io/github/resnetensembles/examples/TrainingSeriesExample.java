package io.github.resnetensembles.examples;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StudyExecutor;
import io.github.resnetensembles.run.StudyTasks;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingSeries;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same training from several seeds, which goes on where it was killed. */
public final class TrainingSeriesExample {
  private TrainingSeriesExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if there is no place for results
   */
  public static void main(String[] args) throws IOException {
    run(System.out, Files.createTempDirectory("series"), 1000);
  }

  static void run(PrintStream out, Path folder, int images) {
    ImageSet train = ImageSets.builtIn(ImageSets.Split.TRAIN).limit(images);
    ImageSet test = ImageSets.builtIn().limit(images / 5);
    Path store = folder.resolve("store");
    Path networks = folder.resolve("networks");

    // region guide
    Training training = Training.of(Architecture.resnet(8));
    StudyTasks<TrainingSeries> study =
        StudyTasks.trainings(training, train, test, networks, 1, 2, 3);
    TrainingSeries series =
        study.run(StudyExecutor.here(), ResultStore.open(store), ProgressListener.none());
    out.println("mean error " + series.errorRate().orElseThrow());

    Path first = networks.resolve(study.tasks().get(0).key());
    Weights weights = Weights.of(first.resolve("weights.safetensors"));
    // endregion
    out.println(weights.source());
  }
}
