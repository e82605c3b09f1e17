package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two runs with one {@code --out}. */
class LockedFolderTest {
  private static final String TRAIN =
      "train --arch resnet-8 --data builtin --limit 8 --test-limit 4 --batch 8 --epochs 1"
          + " --backend reference --quiet --out ";
  private static final String REPORT =
      "report --train --arch resnet-8 --data builtin --backend reference --quiet --out ";

  @TempDir private Path folder;

  /** The other process has the lock, which is what it would have while it works. */
  @ParameterizedTest
  @ValueSource(strings = {TRAIN, REPORT})
  void theSecondIsRefusedUntilTheFirstIsKilled(String command)
      throws IOException, InterruptedException {
    try (SubProcess other = SubProcess.of(LockHolder.class.getName(), folder.toString())) {
      other.awaitLine("locked");
      for (String resume : new String[] {"", " --resume"}) {
        CommandRun refused = CommandRun.words(command + folder + resume);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains(folder + " is in use by another run").hasLineCount(1);
      }
      assertThat(other.kill()).isTrue();
    }
    if (command.equals(TRAIN)) {
      CommandRun run = CommandRun.words(command + folder + " --resume");
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
  }

  /** A process that locks a folder until it is killed. */
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      try (FileChannel channel =
              FileChannel.open(
                  Path.of(args[0], ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        System.out.println("locked " + lock.isValid());
        Thread.sleep(60_000);
      }
    }
  }
}
