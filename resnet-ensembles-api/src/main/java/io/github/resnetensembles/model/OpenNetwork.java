package io.github.resnetensembles.model;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.Participation;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.spi.Network;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.apache.commons.rng.UniformRandomProvider;
import org.jspecify.annotations.Nullable;

/** A network that is in use by any number of threads until it is closed, after the last of them. */
final class OpenNetwork {
  private final Network network;
  private final Architecture architecture;
  private final Lease lease;

  /**
   * Threads are kept from one run to the next: a C library may give each new one a heap of its own.
   */
  private final ExecutorService threads = new Participation.Pool(OpenNetwork::daemon);

  private final Object fingerprintLock = new Object();
  private @Nullable Fingerprint fingerprint;

  OpenNetwork(Network network) {
    this.network = network;
    this.architecture = network.architecture();
    this.lease = new Lease("the model of " + architecture.name(), this::free);
  }

  Architecture architecture() {
    return architecture;
  }

  /** Where batches are run. */
  ExecutorService threads() {
    return threads;
  }

  /**
   * The network's fingerprint, taken when a result needs it first.
   *
   * @param check throws if the caller's work was cancelled
   */
  Fingerprint fingerprint(Runnable check) {
    synchronized (fingerprintLock) {
      Fingerprint known = fingerprint;
      if (known == null) {
        // The noise images run through the intact network, by the calls that studies use.
        double[] logits =
            Steps.logits(
                network,
                Wiring.intact(architecture),
                Pixels.normalised(noise(architecture.input()), architecture),
                Fingerprint.IMAGES,
                (step, y) -> check.run());
        known = new Fingerprint(Arrays.stream(logits).boxed().toList());
        fingerprint = known;
      }
      return known;
    }
  }

  private static ImageBatch noise(InputSpec input) {
    FeatureShape shape = new FeatureShape(input.channels(), input.height(), input.width());
    float[] pixels = new float[Fingerprint.IMAGES * shape.size()];
    for (int n = 0; n < Fingerprint.IMAGES; n++) {
      UniformRandomProvider rng = Generators.named("fingerprint/" + n);
      for (int i = n * shape.size(); i < (n + 1) * shape.size(); i++) {
        pixels[i] = rng.nextInt(256) / 255f;
      }
    }
    return ImageSets.batch(shape, pixels, new int[Fingerprint.IMAGES], 0);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "resnet-ensembles-batch");
    thread.setDaemon(true);
    return thread;
  }

  <T> T use(Function<Network, T> work) {
    return lease.use(() -> work.apply(network));
  }

  void close() {
    lease.close();
  }

  private void free() {
    threads.shutdown();
    network.close();
  }
}
