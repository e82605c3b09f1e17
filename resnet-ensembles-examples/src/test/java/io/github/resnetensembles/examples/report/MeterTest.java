package io.github.resnetensembles.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.examples.TimeLeft;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.lesion.LesionReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With a clock that the test sets. */
class MeterTest {
  private final List<String> told = new ArrayList<>();
  private Optional<Duration> left = Optional.empty();
  private long seconds = 1000;

  private final ReportListener listener =
      new ReportListener() {
        @Override
        public void onProgress(
            int part, int parts, String title, double done, double total, Optional<Duration> rest) {
          told.add(
              "%s/%s %s %s of %s"
                  .formatted(part, parts, title, Math.round(done), Math.round(total)));
          left = rest;
        }

        @Override
        public void onNotice(String message) {
          told.add(message);
        }
      };

  private final Meter meter =
      new Meter(
          listener,
          new TimeLeft(() -> seconds * 1_000_000_000),
          3,
          Map.of(LesionReport.class, 300.0, PathGradients.class, 100.0));

  @Test
  void theRestIsEstimatedFromWhatThisRunHasDone() {
    seconds += 3600;
    meter.begin("a", LesionReport.class, 200);
    assertThat(left).isEmpty();
    seconds += 50;
    meter.reach(0.5);

    assertThat(told).containsExactly("1/3 a 0 of 400", "1/3 a 100 of 400");
    assertThat(left).contains(Duration.ofSeconds(150));

    seconds += 50;
    meter.end();
    seconds += 3600;
    meter.begin("b", LesionReport.class, 100);
    meter.skip(1);
    meter.end();

    assertThat(told).endsWith("2/3 b 200 of 400", "2/3 b 200 of 300", "2/3 b 200 of 300");
    assertThat(left).contains(Duration.ofSeconds(50));

    meter.begin("c", PathGradients.class, 100);
    seconds += 200;
    meter.reach(0.5);

    assertThat(told).endsWith("3/3 c 250 of 300");
    assertThat(left.orElseThrow().toSeconds()).isBetween(150L, 200L);

    meter.end();
    assertThat(told).endsWith("3/3 c 300 of 300");
    assertThat(left).contains(Duration.ZERO);
  }
}
