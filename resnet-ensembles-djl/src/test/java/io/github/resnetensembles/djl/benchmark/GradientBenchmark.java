package io.github.resnetensembles.djl.benchmark;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageBatch;
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

/** The exact gradient by path length, beside a forward pass of the same batch: milliseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class GradientBenchmark {
  /** An untrained network; its speed is that of a trained one. */
  @Param({"resnet-20", "resnet-56"})
  private String architecture = "";

  /** Images of the batch. */
  @Param("16")
  private int images;

  /** Threads that share the cotangents. */
  @Param({"1", "2"})
  private int threads;

  private ResidualModel model;
  private ImageBatch batch;

  /** Opens the model and makes images. */
  @Setup
  public void open() {
    Architecture network = Architecture.of(architecture);
    batch = InferenceBenchmark.noise(network, images).batch(images);
    model =
        ResidualModel.open(
            Backends.load("djl"),
            Weights.initialised(network, 1),
            ModelOptions.defaults().withThreads(threads));
  }

  /** Closes the model. */
  @TearDown
  public void close() {
    model.close();
  }

  /**
   * A forward pass.
   *
   * @return the logits
   */
  @Benchmark
  public double[][] forward() {
    return model.logits(batch);
  }

  /**
   * All that a measurement does but the sums: forward pass, ordinary gradient, path of skips.
   *
   * @return the gradients
   */
  @Benchmark
  public PathGradients skips() {
    return model.gradients().path().run(batch);
  }

  /**
   * The whole measurement.
   *
   * @return the gradients
   */
  @Benchmark
  public PathGradients exact() {
    return model.gradients().exact().run(batch);
  }

  /**
   * The same without the lengths that add little.
   *
   * @return the gradients
   */
  @Benchmark
  public PathGradients tolerant() {
    return model.gradients().exact().tolerance(1e-4).run(batch);
  }
}
