package io.github.resnetensembles.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExitOrderTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<String> events = new CopyOnWriteArrayList<>();

  private ExitOrder order(Duration limit) {
    ExitOrder order = new ExitOrder(limit, new PrintStream(said, true, UTF_8));
    order.afterRuns(() -> events.add("engine"));
    return order;
  }

  @Test
  void runsEndBeforeEngines() throws InterruptedException {
    ExitOrder order = order(Duration.ofSeconds(50));
    CountDownLatch running = new CountDownLatch(2);
    Runnable untilInterrupted =
        () -> {
          running.countDown();
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
          events.add("run");
        };
    List<Thread> threads = List.of(start(order, untilInterrupted), start(order, untilInterrupted));
    running.await();

    order.end();

    assertThat(events).containsExactly("run", "run", "engine");
    assertThat(said.size()).isZero();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void aRunThatBeginsMeanwhileIsInterruptedAtOnce() {
    ExitOrder order = order(Duration.ofSeconds(50));
    order.end();

    boolean interrupted = order.run(Thread::interrupted);

    assertThat(interrupted).isTrue();
  }

  @Test
  void aRunThatEndedIsNotInterrupted() {
    ExitOrder order = order(Duration.ofSeconds(50));
    int unused = order.run(() -> 1);

    order.end();

    assertThat(Thread.interrupted()).isFalse();
    assertThat(events).containsExactly("engine");
  }

  @Test
  void aRunThatDoesNotStopIsAbandonedWithALine() throws InterruptedException {
    ExitOrder order = order(Duration.ofMillis(50));
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch stop = new CountDownLatch(1);
    Thread thread =
        start(
            order,
            () -> {
              running.countDown();
              Uninterruptibles.awaitUninterruptibly(stop);
            });
    running.await();

    order.end();

    assertThat(events).containsExactly("engine");
    assertThat(said.toString(UTF_8)).startsWith("work that does not stop").hasLineCount(1);
    stop.countDown();
    thread.join();
  }

  /** As much as takes a minute: the JVM's end does not wait for it. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows would give the file all its blocks")
  void aRunThatHashesImagesEndsSoon(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("large.bin");
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(4_000_000L * 3073);
    }
    ImageSet images = ImageSets.cifar10(file);
    ExitOrder order = order(Duration.ofSeconds(5));
    CountDownLatch running = new CountDownLatch(1);
    Thread thread =
        start(
            order,
            () -> {
              running.countDown();
              try {
                events.add(images.sha256());
              } catch (RunInterruptedException e) {
                events.add(String.valueOf(e.getMessage()));
              }
            });
    running.await();

    order.end();

    assertThat(events).containsExactly("interrupted while images were hashed", "engine");
    assertThat(said.size()).isZero();
    thread.join();
  }

  private static Thread start(ExitOrder order, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              boolean unused =
                  order.run(
                      () -> {
                        work.run();
                        return true;
                      });
            });
    thread.start();
    return thread;
  }
}
