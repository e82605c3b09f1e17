package io.github.resnetensembles.djl.benchmark;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.util.Random;
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

/** Forward passes of each architecture, and the sweep that deletes each block: milliseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class InferenceBenchmark {
  /** An untrained network; its speed is that of a trained one. */
  @Param({
    "resnet-20",
    "resnet-56",
    "resnet-110",
    "preresnet-20",
    "preresnet-110",
    "plain-56",
    "vgg-15",
    "imagenet-resnet-18",
    "imagenet-resnet-50"
  })
  private String architecture = "";

  /** Images for each measurement. */
  @Param("100")
  private int images;

  /** Threads, each with a batch of its own; 0 is one for each processor. */
  @Param("0")
  private int threads;

  private Network engine;
  private ResidualModel model;
  private ImageSet data;
  private float[] pixels;

  /** Opens the model and makes images. */
  @Setup
  public void open() {
    Architecture network = Architecture.of(architecture);
    data = noise(network, images);
    engine =
        Backends.load("djl")
            .network(Weights.initialised(network, 1), ModelOptions.defaults().withThreads(threads));
    model = ResidualModel.of(engine);
    pixels = new float[images * network.input().paddedShape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i % 255) / 127.5f - 1;
    }
  }

  /** Images of noise for a network. */
  static ImageSet noise(Architecture network, int images) {
    FeatureShape shape =
        new FeatureShape(
            network.input().channels(), network.input().height(), network.input().width());
    byte[] pixels = new byte[images * shape.size()];
    new Random(1).nextBytes(pixels);
    return ImageSets.of(shape, pixels, new int[images], network.head().classes());
  }

  /** Closes the model. */
  @TearDown
  public void close() {
    model.close();
  }

  /**
   * A forward pass over all images.
   *
   * @return the counts
   */
  @Benchmark
  public Evaluation forward() {
    return model.evaluate(data);
  }

  /**
   * A forward pass by the engine's plain array operations, all images at once on one thread.
   *
   * @return the logits
   */
  @Benchmark
  public double[] arrays() {
    return engine.logits(pixels, images);
  }

  /**
   * The sweep that deletes each block.
   *
   * @return the report
   */
  @Benchmark
  public LesionReport deleteEach() {
    return model.lesions().deleteEachBlock().run(data);
  }
}
