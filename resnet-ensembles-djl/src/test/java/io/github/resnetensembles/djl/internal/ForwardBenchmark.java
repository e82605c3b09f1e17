package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import com.sun.management.OperatingSystemMXBean;
import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.DjlRuntime;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.RandomWeights;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Times the forward pass of a preset, interleaving batch sizes and ways to share out the threads.
 *
 * <p>Arguments: preset, rounds, {@code tune} or {@code plain}, batch sizes.
 */
public final class ForwardBenchmark {
  private static final int THREADS = 2;
  private static final int IMAGES = 500;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ForwardBenchmark() {}

  /**
   * Runs the benchmark.
   *
   * @param args see above
   * @throws Exception if a forward pass fails
   */
  public static void main(String[] args) throws Exception {
    Architecture architecture = Architecture.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    if (args[2].equals("tune")) {
      System.out.println("allocator tuned: " + DjlRuntime.tuneAllocator());
    }
    int[] batches = Arrays.stream(args).skip(3).mapToInt(Integer::parseInt).toArray();
    TorchEngine torch = TorchEngine.load();
    Map<String, Network> networks = new LinkedHashMap<>();
    for (Threads threads :
        List.of(new Threads(1, 1), new Threads(1, THREADS), new Threads(THREADS, 1))) {
      networks.put(
          threads.workers() + "x" + threads.perCall(),
          LayeredNetwork.open(
              torch,
              new RandomWeights(architecture, 7),
              new ModelOptions("cpu", Precision.FLOAT32, THREADS),
              Device.cpu(),
              threads));
    }
    Map<String, List<double[]>> times = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) {
      for (int batch : batches) {
        float[] pixels = SampleNetworks.pixels(architecture, batch, 1);
        for (Map.Entry<String, Network> entry : networks.entrySet()) {
          double[] time = time(entry.getValue(), pixels, batch);
          if (round >= 0) {
            times.computeIfAbsent(entry.getKey() + " B" + batch, k -> new ArrayList<>()).add(time);
          }
        }
      }
    }
    times.forEach(
        (name, all) -> {
          double[] wall = all.stream().mapToDouble(t -> t[0]).sorted().toArray();
          double[] processor = all.stream().mapToDouble(t -> t[1]).sorted().toArray();
          System.out.printf(
              Locale.ROOT,
              "%-12s ms/image: min %.3f median %.3f, processor time: min %.3f median %.3f%n",
              name,
              wall[0],
              wall[wall.length / 2],
              processor[0],
              processor[processor.length / 2]);
        });
    networks.values().forEach(Network::close);
  }

  /** {@return wall and processor time in milliseconds for each image} */
  private static double[] time(Network network, float[] pixels, int batch) throws Exception {
    int workers = network.workers();
    int runs = Math.max(workers, IMAGES / batch / workers * workers);
    ExecutorService executor = Executors.newFixedThreadPool(network.workers());
    try {
      long start = System.nanoTime();
      long processorStart = PROCESS.getProcessCpuTime();
      List<Future<double[]>> futures = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        futures.add(executor.submit(() -> StepParityTest.stepwise(network, pixels, batch)));
      }
      for (Future<double[]> future : futures) {
        if (future.get().length == 0) {
          throw new IllegalStateException("no logits");
        }
      }
      double images = 1e6 * runs * batch;
      return new double[] {
        (System.nanoTime() - start) / images,
        (PROCESS.getProcessCpuTime() - processorStart) / images
      };
    } finally {
      executor.shutdown();
    }
  }
}
