package io.github.resnetensembles.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandSetupTest {
  @TempDir private Path folder;

  @Test
  void opensTheCopyThatSparkShipped() throws IOException {
    Architecture network = Weights.pretrained("preresnet-20").architecture();
    Path plan = folder.resolve("plan.json");
    Files.writeString(plan, LesionPlan.deleteEach().build(network).toJson());
    List<String> arguments =
        List.of(
            "study",
            "--weights=pretrained:preresnet-20",
            "--data",
            "builtin",
            "--limit",
            "20",
            "--store",
            folder.resolve("store").toString(),
            "--threads",
            "1",
            "lesion",
            "--plan=" + plan,
            "gradients",
            "--mode",
            "signs");
    SparkConf conf =
        new SparkConf().setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark.addFile(plan.toString());
      Files.delete(plan);
      CommandSetup setup =
          new CommandSetup(arguments, Map.of(plan.toString(), plan.getFileName().toString()));

      try (Setup.Opened opened = setup.open()) {
        assertThat(opened.studies()).hasSize(2);
        assertThat(opened.studies().get(0).description()).contains("delete");
        assertThat(opened.studies().get(1).description()).contains("gradients");
      }
    }
  }
}
