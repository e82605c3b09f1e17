package io.github.resnetensembles.model;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import com.google.common.math.LongMath;
import com.google.common.primitives.Ints;
import io.github.resnetensembles.BackendException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Looks for the batch size with which a network takes the least time for an image: larger and
 * larger ones are run on all threads, on made-up images.
 */
final class BatchSizeSearch {
  /** What is tried, in images. */
  static final ImmutableList<Integer> CANDIDATES =
      ImmutableList.of(8, 16, 32, 50, 64, 100, 128, 256);

  /** Outputs that a thread holds to see whether there is room: a study of 2^18 wirings has them. */
  static final int HELD_OUTPUTS = 20;

  /** A step's input and output. */
  private static final int FEWEST_OUTPUTS = 2;

  /** A larger batch takes more memory, so it has to be worth that. */
  private static final double WORTHWHILE = 0.97;

  private static final long LONGEST = Duration.ofSeconds(30).toNanos();

  /** A candidate is run for so long, and so often: its fastest pass counts. */
  private static final long LONG_ENOUGH = Duration.ofMillis(300).toNanos();

  private static final int LEAST_PASSES = 3;

  private final Network network;
  private final OpenNetwork open;
  private final Ticker ticker;
  private final LongSupplier availableBytes;
  private final Wiring wiring;
  private final int workers;

  /**
   * Runs nothing yet.
   *
   * @param ticker the time
   * @param availableBytes what new memory may take, where the processors compute
   */
  BatchSizeSearch(Network network, OpenNetwork open, Ticker ticker, LongSupplier availableBytes) {
    this.network = network;
    this.open = open;
    this.ticker = ticker;
    this.availableBytes = availableBytes;
    this.wiring = Wiring.intact(network.architecture());
    this.workers = network.workers();
  }

  /** The size for so many images, of which every thread gets a batch. */
  int fastest(int images) {
    long start = ticker.read();
    long end = start + LONGEST;
    int most = Math.min((images - 1) / workers + 1, roomFor());
    List<Integer> sizes = CANDIDATES.stream().filter(size -> size <= most).toList();
    int smallest = sizes.isEmpty() ? most : sizes.get(0);
    int chosen = smallest;
    while (!hasRoom(chosen)) {
      chosen /= 2;
    }
    if (chosen < smallest || sizes.size() < 2) {
      return chosen;
    }
    double latest = (double) (ticker.read() - start) / chosen / workers;
    if (expectedEnd(latest, chosen + sizes.get(1)) > end) {
      return chosen;
    }
    latest = nanosAnImage(chosen, end);
    double fastest = latest;
    for (int size : sizes.subList(1, sizes.size())) {
      if (expectedEnd(latest, size) > end || !hasRoom(size)) {
        break;
      }
      latest = nanosAnImage(size, end);
      if (latest <= WORTHWHILE * fastest) {
        fastest = latest;
        chosen = size;
      }
    }
    return chosen;
  }

  /** When a candidate of so many images would be through, at this speed. */
  private double expectedEnd(double nanosAnImage, int images) {
    return ticker.read() + nanosAnImage * images * workers * (LEAST_PASSES + 1);
  }

  /** How large a batch may be, at least 1, so that all threads' outputs take half of the memory. */
  private int roomFor() {
    if (!onProcessors()) {
      return Integer.MAX_VALUE;
    }
    Architecture architecture = network.architecture();
    long values =
        Math.max(
            architecture.stemOutput().size(),
            architecture.blocks().stream()
                .map(Block::output)
                .mapToInt(y -> y.size())
                .max()
                .orElse(0));
    long bytes = LongMath.saturatedMultiply(values, (long) Double.BYTES * HELD_OUTPUTS * workers);
    return Math.max(1, Ints.saturatedCast(availableBytes.getAsLong() / 2 / bytes));
  }

  private boolean onProcessors() {
    return network.info().device().equals("cpu");
  }

  /**
   * Whether a device holds what a study may hold at a time; where the processors compute, memory
   * that is missing would end the process, so that is counted and not tried.
   */
  private boolean hasRoom(int size) {
    try {
      pass(size, HELD_OUTPUTS);
      return true;
    } catch (BackendException e) {
      if (onProcessors() || size == 1) {
        throw e;
      }
      return false;
    }
  }

  private double nanosAnImage(int size, long end) {
    long begun = ticker.read();
    long fastest = Long.MAX_VALUE;
    long now = begun;
    for (int pass = 1; pass <= LEAST_PASSES || (now - begun < LONG_ENOUGH && now < end); pass++) {
      long start = now;
      pass(size, FEWEST_OUTPUTS);
      now = ticker.read();
      fastest = Math.min(fastest, now - start);
    }
    return (double) fastest / size / workers;
  }

  /** One batch on each thread. */
  private void pass(int size, int held) {
    float[] pixels = new float[size * network.architecture().input().paddedShape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i % 255) / 127.5f - 1;
    }
    Cancellation cancellation = new Cancellation();
    new BatchRuns<>(
            network,
            open,
            cancellation,
            workers,
            batch -> forward(pixels, size, held, cancellation),
            logits -> {})
        .run();
    Cancellation.checkInterrupt();
  }

  /** The intact network, with its latest outputs held. */
  private double[] forward(float[] pixels, int images, int held, Cancellation cancellation) {
    Deque<Activation> outputs = new ArrayDeque<>();
    try {
      outputs.addLast(network.stem(pixels, images));
      for (Wiring.Step step : wiring.steps()) {
        cancellation.check();
        if (outputs.size() == held) {
          outputs.removeFirst().close();
        }
        outputs.addLast(
            network.step(step.block(), step.skipGain(), step.branchGain(), outputs.getLast()));
      }
      return network.head(outputs.getLast());
    } finally {
      outputs.forEach(Activation::close);
    }
  }
}
