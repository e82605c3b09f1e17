package io.github.resnetensembles.examples;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A study shared out over processes that have nothing in common but a folder; on a cluster they
 * would be jobs. The merged result is that of one process.
 */
public final class ShardingExample {
  private ShardingExample() {}

  /**
   * Runs the example, or one process of it.
   *
   * @param args none; for one process the folder, which shard, and of how many
   * @throws IOException if a file cannot be read or written, or a process not be started
   * @throws InterruptedException if it was interrupted while processes ran
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 3) {
      shard(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    } else {
      run(System.out, Files.createTempDirectory("shards"), 2);
    }
  }

  static void run(PrintStream out, Path folder, int n) throws IOException, InterruptedException {
    // region plan
    Weights weights = Weights.pretrained("preresnet-20"); // or Weights.of(file)
    weights.save(folder.resolve("weights.safetensors"));
    LesionPlan plan = LesionPlan.deleteRandom(1, 4).draws(5).seed(42).build(weights.architecture());
    Files.writeString(folder.resolve("plan.json"), plan.toJson());
    // endregion

    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 1; i <= n; i++) {
        processes.add(start(folder, i, n));
      }
      for (int i = 1; i <= n; i++) {
        if (processes.get(i - 1).waitFor() != 0) {
          throw new IllegalStateException("shard " + i + " failed; see " + log(folder, i));
        }
      }
    } finally {
      processes.forEach(Process::destroy);
    }

    // region merge
    LesionReport[] shards = new LesionReport[n];
    for (int i = 1; i <= n; i++) {
      shards[i - 1] = LesionReport.fromJson(Files.readString(folder.resolve(i + ".json")));
    }
    LesionReport all = LesionReport.merge(shards); // in any order
    // endregion
    out.println(all.rows().size() + " rows from " + n + " processes");
    LesionReport whole = shard(folder, 1, 1);
    out.println("as in one process: " + all.rows().equals(whole.rows()));
  }

  private static LesionReport shard(Path folder, int i, int n) throws IOException {
    ImageSet images = ImageSets.builtIn().limit(50);
    // region shard
    LesionPlan plan = LesionPlan.fromJson(Files.readString(folder.resolve("plan.json")));
    Weights weights = Weights.of(folder.resolve("weights.safetensors"));
    try (ResidualModel model = ResidualModel.open(weights)) {
      LesionReport report = model.lesions().plan(plan).shard(i, n).run(images);
      report.writeJson(folder.resolve(i + ".json"));
      return report;
    }
    // endregion
  }

  private static Process start(Path folder, int i, int n) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ShardingExample.class.getName(),
            folder.toString(),
            Integer.toString(i),
            Integer.toString(n))
        .redirectErrorStream(true)
        .redirectOutput(log(folder, i).toFile())
        .start();
  }

  private static Path log(Path folder, int i) {
    return folder.resolve(i + ".log");
  }
}
