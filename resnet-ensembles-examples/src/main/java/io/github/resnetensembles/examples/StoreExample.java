package io.github.resnetensembles.examples;

import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StudyExecutor;
import io.github.resnetensembles.run.StudyTasks;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A study in pieces, run by processes that have nothing in common but a folder; on a cluster they
 * would be jobs. The result is that of one process.
 */
public final class StoreExample {
  private StoreExample() {}

  /**
   * Runs the example, or one process of it.
   *
   * @param args none; for one process the folder
   * @throws IOException if no folder can be made
   */
  public static void main(String[] args) throws IOException {
    if (args.length == 1) {
      LesionReport unused = study(Path.of(args[0]), StudyExecutor.here());
    } else {
      run(System.out, Files.createTempDirectory("store"));
    }
  }

  static void run(PrintStream out, Path folder) {
    String program = StoreExample.class.getName();
    // region processes
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String classes = System.getProperty("java.class.path");
    StudyExecutor processes =
        StudyExecutor.processes(
            2, List.of(java.toString(), "-cp", classes, program, folder.toString()));
    LesionReport report = study(folder, processes);
    // endregion
    out.println(report.rows().size() + " rows, complete: " + report.complete());
    LesionReport again = study(folder, StudyExecutor.here());
    out.println("found again: " + again.equals(report));
  }

  // region study
  private static LesionReport study(Path folder, StudyExecutor executor) {
    try (ResidualModel model = ResidualModel.open(Weights.pretrained("preresnet-20"))) {
      LesionStudy study = model.lesions().deleteRandom(1, 4).draws(5).seed(42);
      long mostForATask = 5_000; // block evaluations
      return StudyTasks.cut(study, ImageSets.builtIn().limit(200), mostForATask)
          .run(executor, ResultStore.open(folder), ProgressListener.none());
    }
  }
  // endregion
}
