package io.github.resnetensembles.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.run.StudyTasks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenSetupsTest {
  private static final AtomicInteger OPENED = new AtomicInteger();
  private static final AtomicInteger CLOSED = new AtomicInteger();

  private record Counting(String name) implements Setup {
    private static final long serialVersionUID = 1;

    @Override
    public Opened open() {
      int number = OPENED.incrementAndGet();
      if (name.equals("damaged") && number == 1) {
        throw new InvalidInputException("damaged");
      }
      return new Opened() {
        @Override
        public List<StudyTasks<?>> studies() {
          return List.of();
        }

        @Override
        public void close() {
          int unused = CLOSED.incrementAndGet();
        }
      };
    }
  }

  @BeforeEach
  void reset() {
    OPENED.set(0);
    CLOSED.set(0);
  }

  @Test
  void equalSetupsAreOpenedOnceHoweverManyUseThem() throws InterruptedException {
    OpenSetups setups = new OpenSetups(Duration.ofMinutes(1));
    CountDownLatch done = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      new Thread(
              () -> {
                setups.use(new Counting("a")).close();
                done.countDown();
              })
          .start();
    }
    done.await();

    assertThat(OPENED).hasValue(1);
    assertThat(CLOSED).hasValue(0);
  }

  @Test
  void whatNobodyUsesIsClosedAfterAWhileAndOpenedAgain() throws InterruptedException {
    OpenSetups setups = new OpenSetups(Duration.ofMillis(50));
    setups.use(new Counting("a")).close();
    OpenSetups.Use next = setups.use(new Counting("a"));
    Thread.sleep(200);
    assertThat(CLOSED).as("it is in use").hasValue(0);
    next.close();
    while (CLOSED.get() == 0) {
      Thread.sleep(10);
    }

    setups.use(new Counting("a")).close();

    assertThat(OPENED).hasValue(2);
  }

  @Test
  void whatCannotBeOpenedIsTriedAgain() {
    OpenSetups setups = new OpenSetups(Duration.ofMinutes(1));

    assertThatThrownBy(() -> setups.use(new Counting("damaged"))).hasMessage("damaged");
    setups.use(new Counting("damaged")).close();

    assertThat(OPENED).hasValue(2);
  }
}
