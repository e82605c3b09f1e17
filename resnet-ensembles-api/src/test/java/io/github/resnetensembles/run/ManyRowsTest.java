package io.github.resnetensembles.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More rows are merged than memory holds. With {@code -Dmerge.tasks=10000 -Dmerge.heap=480m} it is
 * ten million.
 */
@Tag("slow")
final class ManyRowsTest {
  private static final String TASKS = System.getProperty("merge.tasks", "300");

  /** The rows alone, as text, are 170 MB. */
  private static final String HEAP = System.getProperty("merge.heap", "64m");

  private static final String ROWS = "1000";

  @TempDir private Path folder;

  private String run(String heap, String what) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:ActiveProcessorCount=2",
                "-cp",
                System.getProperty("java.class.path"),
                ManyRowsProgram.class.getName(),
                what,
                folder.toString(),
                TASKS,
                ROWS)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void rowsAreNotInMemory() throws IOException, InterruptedException {
    String unused = run("256m", "fill");
    String said = run(HEAP, "merge");
    System.out.print(said);
    assertThat(said).contains("rows: " + TASKS + "000");
  }
}
