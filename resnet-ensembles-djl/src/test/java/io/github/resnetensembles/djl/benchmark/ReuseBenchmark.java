package io.github.resnetensembles.djl.benchmark;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Studies that evaluate common prefixes once, beside a run for each lesion: milliseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 2)
@Measurement(iterations = 3, time = 2)
public class ReuseBenchmark {
  /** An untrained network; its speed is that of a trained one. */
  @Param("resnet-20")
  private String architecture = "";

  /** Images for each measurement. */
  @Param("50")
  private int images;

  /** What is deleted: each block (the paper's figure 3), or all sets (exact block values). */
  @Param({"each", "subsets"})
  private String plan = "";

  /** Wirings that share a call; those that are run apart never do. */
  @Param("1")
  private int wiringsAtOnce;

  private ResidualModel model;
  private ImageSet data;
  private LesionStudy study;

  /** Opens the model and makes images. */
  @Setup
  public void open() {
    Architecture network = Architecture.of(architecture);
    data = InferenceBenchmark.noise(network, images);
    model = ResidualModel.open(Backends.load("djl"), Weights.initialised(network, 1));
    study =
        model
            .lesions()
            .plan(plan.equals("each") ? LesionPlan.deleteEach() : LesionPlan.deleteSubsets())
            .options(RunOptions.defaults().withWiringsAtOnce(wiringsAtOnce));
  }

  /** Closes the model. */
  @TearDown
  public void close() {
    model.close();
  }

  /**
   * One study.
   *
   * @return the report
   */
  @Benchmark
  public LesionReport together() {
    return study.run(data);
  }

  /**
   * A run for the intact network and for each lesion.
   *
   * @return how many images were wrong
   */
  @Benchmark
  public int apart() {
    int wrong = model.evaluate(data).wrong();
    for (PlannedLesion row : study.plan().rows()) {
      wrong += model.withLesion(row.lesion()).evaluate(data).wrong();
    }
    return wrong;
  }
}
