package io.github.resnetensembles.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** With a clock that the test sets: one unit of work takes a second, unless a test says more. */
class TimeLeftTest {
  private static final String LESIONS = "lesions";
  private static final String GRADIENTS = "gradients";

  private double seconds = 1e6;
  private final TimeLeft time = new TimeLeft(() -> (long) (1e9 * seconds));

  /** Works for so long, and tells four times a second. */
  private double work(String kind, double duration, double secondsForUnit) {
    double done = 0;
    for (int i = 0; i < 4 * duration; i++) {
      seconds += 0.25;
      time.add(kind, 0.25 / secondsForUnit);
      done += 0.25 / secondsForUnit;
    }
    return done;
  }

  private double left(Map<String, Double> rest) {
    return time.of(rest).orElseThrow().toMillis() / 1e3;
  }

  private static Percentage percent(double value) {
    return Percentage.withPercentage(value);
  }

  @Test
  void aSteadyPaceGoesOn() {
    double unused = work(LESIONS, 20, 1);

    assertThat(left(Map.of(LESIONS, 100.0))).isCloseTo(100, percent(0.1));
    assertThat(left(Map.of(LESIONS, 0.0))).isZero();
  }

  @Test
  void aSlowStartIsForgotten() {
    double done = work(LESIONS, 10, 7);
    assertThat(left(Map.of(LESIONS, 300 - done))).isGreaterThan(6 * (300 - done));
    done += work(LESIONS, 20, 1);

    assertThat(left(Map.of(LESIONS, 300 - done))).isBetween(300 - done, 1.1 * (300 - done));

    done += work(LESIONS, 30, 1);
    assertThat(left(Map.of(LESIONS, 300 - done))).isBetween(300 - done, 1.05 * (300 - done));
  }

  @Test
  void aChangeOfPaceIsNoticedHoweverLongTheRunIs() {
    double unused = work(LESIONS, 3600, 1);
    unused = work(LESIONS, 300, 2);

    assertThat(left(Map.of(LESIONS, 100.0))).isBetween(175.0, 200.0);
  }

  @Test
  void eachKindHasItsOwnPace() {
    double unused = work(LESIONS, 60, 1);
    assertThat(left(Map.of(LESIONS, 100.0, GRADIENTS, 50.0))).isCloseTo(150, percent(0.1));

    unused = work(GRADIENTS, 60, 4);

    assertThat(left(Map.of(GRADIENTS, 50.0))).isCloseTo(200, percent(10));
    assertThat(left(Map.of(LESIONS, 100.0))).isCloseTo(100, percent(20));
  }

  @Test
  void timeThatPassesInPausesIsNoWork() {
    double unused = work(LESIONS, 10, 1);
    seconds += 3600;
    time.pause();
    unused = work(LESIONS, 10, 1);

    assertThat(left(Map.of(LESIONS, 100.0))).isCloseTo(100, percent(0.1));
  }

  @Test
  void nothingIsSaidBeforeThereIsABasis() {
    assertThat(time.of(Map.of(LESIONS, 1.0))).isEmpty();
    double unused = work(LESIONS, 9, 1);
    assertThat(time.of(Map.of(LESIONS, 1.0))).isEmpty();
    unused = work(LESIONS, 1, 1);
    assertThat(time.of(Map.of(LESIONS, 1.0))).isPresent();

    seconds += 60;
    TimeLeft idle = new TimeLeft(() -> (long) (1e9 * seconds));
    seconds += 60;
    idle.add(LESIONS, 0);
    assertThat(idle.of(Map.of(LESIONS, 1.0))).isEmpty();
  }

  @Test
  void batchesThatAreToldLateCountAsIfDoneEvenly() {
    seconds += 60;
    time.add(LESIONS, 60);

    assertThat(left(Map.of(LESIONS, 100.0))).isCloseTo(100, percent(0.1));
  }
}
