package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import io.github.resnetensembles.BackendException;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.DelegatingNetwork;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The batch size that is chosen, on a clock that the network itself moves. */
class BatchSizeSearchTest {
  private static final long PLENTY = Long.MAX_VALUE;
  private static final Map<Integer, Double> MILLISECONDS =
      Map.of(8, 10.0, 16, 8.0, 32, 6.0, 50, 5.0, 64, 4.9, 100, 5.2, 128, 4.8, 256, 6.0);

  /** With 30 blocks, so more outputs than are held. */
  private static final Network NETWORK =
      new ReferenceBackend()
          .network(Weights.initialised(Architecture.resnet(62), 1), ModelOptions.defaults());

  @AfterAll
  static void close() {
    NETWORK.close();
  }

  private static double milliseconds(int size) {
    return Objects.requireNonNull(MILLISECONDS.get(size));
  }

  @Test
  void theFastestSizeIsChosen() {
    Clocked network = new Clocked(BatchSizeSearchTest::milliseconds);

    // 64 and 128 images are faster than 50, by 2 and by 4 %.
    assertThat(network.fastest(10_000, PLENTY)).isEqualTo(128);
    assertThat(network.fastest(100, PLENTY)).isEqualTo(50);
    assertThat(network.sizes).containsExactlyElementsOf(BatchSizeSearch.CANDIDATES);
    assertThat(network.open).hasValue(0);
  }

  /** A slow pass, as beside other work, does not count. */
  @Test
  void theFastestPassOfASizeCounts() {
    AtomicInteger passes = new AtomicInteger();
    Clocked network =
        new Clocked(
            size -> milliseconds(size) * (size == 128 && passes.incrementAndGet() > 2 ? 0.3 : 0.1));

    assertThat(network.fastest(10_000, PLENTY)).isEqualTo(128);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "5, 1, 5",
    "15, 1, 8",
    "40, 1, 32",
    "40, 2, 16",
    "40, 3, 8",
    "40, 8, 5",
    "2, 8, 1"
  })
  void everyThreadHasABatch(int images, int workers, int largest) {
    Clocked network = new Clocked(size -> 1.0 / size);
    network.workers = workers;

    assertThat(network.fastest(images, PLENTY)).isEqualTo(largest);
    assertThat(network.sizes.last()).isEqualTo(largest);
  }

  @ParameterizedTest
  @CsvSource({"100, 256", "400, 32", "1000, 8", "5000, 8"})
  void itEndsInTime(double milliseconds, int chosen) {
    Clocked network = new Clocked(size -> milliseconds / Math.sqrt(size));

    assertThat(network.fastest(10_000, PLENTY)).isEqualTo(chosen);
    assertThat(Duration.ofNanos(network.clock.get())).isLessThanOrEqualTo(Duration.ofSeconds(30));
  }

  /** At most half of the memory: 20 outputs of 16 channels of 32 by 32 values, for each thread. */
  @ParameterizedTest
  @CsvSource({"16, 1, 16", "15, 1, 8", "16, 2, 8", "3, 1, 3", "0, 1, 1"})
  void processorsHaveRoom(int images, int workers, int chosen) {
    Clocked network = new Clocked(size -> 1.0 / size);
    network.workers = workers;

    assertThat(network.fastest(10_000, 2L * images * 20 * 8 * 16 * 32 * 32)).isEqualTo(chosen);
  }

  @Test
  void aDeviceThatHasNoRoomEndsTheAscent() {
    Clocked network = new Clocked(size -> 1.0 / size);
    network.device = "gpu:0";
    network.room = 60 * BatchSizeSearch.HELD_OUTPUTS;

    assertThat(network.fastest(10_000, 0)).isEqualTo(50);
    assertThat(network.sizes).contains(64).doesNotContain(100);
    assertThat(network.open).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({"10000, 7, 4", "10000, 1, 1", "7, 4, 3"})
  void aDeviceThatHasNoRoomForTheSmallestHalvesIt(int images, int room, int chosen) {
    Clocked network = new Clocked(size -> 1);
    network.device = "gpu:0";
    network.room = room * BatchSizeSearch.HELD_OUTPUTS;

    assertThat(network.fastest(images, 0)).isEqualTo(chosen);
  }

  @Test
  void otherFailuresAreTheCallers() {
    Clocked none = new Clocked(size -> 1);
    none.device = "gpu:0";
    none.room = 0;
    assertThatThrownBy(() -> none.fastest(100, 0))
        .isInstanceOf(BackendException.class)
        .hasMessage(Clocked.FULL);

    Clocked processors = new Clocked(size -> 1);
    processors.room = 20 * BatchSizeSearch.HELD_OUTPUTS;
    assertThatThrownBy(() -> processors.fastest(100, PLENTY))
        .isInstanceOf(BackendException.class)
        .hasMessage(Clocked.FULL);
  }

  @Test
  void anInterruptEndsIt() {
    Clocked network = new Clocked(size -> 1);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> network.fastest(100, PLENTY))
        .isInstanceOf(RunInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aModelFindsItsOwn() {
    try (ResidualModel model =
        ResidualModel.open(
            new ReferenceBackend(), Weights.initialised(Architecture.resnet(8), 1))) {
      assertThat(model.fastestBatchSize(10)).isBetween(1, 10);
      assertThatThrownBy(() -> model.fastestBatchSize(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("images");
    }
    assertThat(AvailableMemory.bytes()).isGreaterThan(1 << 20);
  }

  /** Computes nothing, takes time by its own clock, and has room for some images' outputs. */
  private static final class Clocked implements DelegatingNetwork {
    static final String FULL = "out of memory";

    final AtomicLong clock = new AtomicLong();
    final AtomicInteger open = new AtomicInteger();
    final ConcurrentSkipListSet<Integer> sizes = new ConcurrentSkipListSet<>();
    final IntToDoubleFunction millisecondsAnImage;
    int workers = 1;
    int room = Integer.MAX_VALUE;
    String device = "cpu";

    Clocked(IntToDoubleFunction millisecondsAnImage) {
      this.millisecondsAnImage = millisecondsAnImage;
    }

    int fastest(int images, long availableBytes) {
      Ticker ticker =
          new Ticker() {
            @Override
            public long read() {
              return clock.get();
            }
          };
      return new BatchSizeSearch(this, new OpenNetwork(this), ticker, () -> availableBytes)
          .fastest(images);
    }

    @Override
    public Network delegate() {
      return NETWORK;
    }

    @Override
    public Optional<String> change() {
      return Optional.empty();
    }

    @Override
    public NetworkInfo info() {
      NetworkInfo info = NETWORK.info();
      return new NetworkInfo(
          info.backend(), info.engine(), device, info.precision(), info.weightsSha256(), true);
    }

    @Override
    public int workers() {
      return workers;
    }

    private Activation output(int images) {
      Output output = new Output(images);
      if (open.addAndGet(images) > room) {
        output.close();
        throw new BackendException(FULL);
      }
      return output;
    }

    @Override
    public Activation stem(float[] pixels, int images) {
      assertThat(pixels).hasSize(images * architecture().input().paddedShape().size());
      sizes.add(images);
      return output(images);
    }

    @Override
    public Activation step(int block, double skipGain, double branchGain, Activation input) {
      return output(input.images());
    }

    @Override
    public double[] head(Activation input) {
      int images = input.images();
      clock.addAndGet((long) (1e6 * images * millisecondsAnImage.applyAsDouble(images)));
      return new double[images * 10];
    }

    private final class Output implements Activation {
      private final int images;
      private boolean closed;

      Output(int images) {
        this.images = images;
      }

      @Override
      public int images() {
        return images;
      }

      @Override
      public FeatureShape shape() {
        return new FeatureShape(1, 1, 1);
      }

      @Override
      public double[] values() {
        return new double[images];
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          open.addAndGet(-images);
        }
      }
    }
  }
}
