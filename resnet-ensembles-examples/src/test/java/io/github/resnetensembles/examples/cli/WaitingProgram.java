package io.github.resnetensembles.examples.cli;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;

/**
 * A program that works until it is interrupted, then tidies up and says so; or one that does not.
 */
final class WaitingProgram {
  private WaitingProgram() {}

  public static void main(String[] args) throws InterruptedException {
    if (args.length > 0) {
      Shutdown unused = Shutdown.interrupting(Thread.currentThread(), Duration.ofSeconds(1));
      System.out.println("working");
      Uninterruptibles.sleepUninterruptibly(Duration.ofMinutes(1));
    }
    Shutdown shutdown = Shutdown.interrupting(Thread.currentThread());
    System.out.println("working");
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      // What Java's exit would cut off if the hook did not wait for it.
      Thread.sleep(300);
      System.out.println("tidied up, requested " + shutdown.requested());
    } finally {
      shutdown.workIsDone();
    }
  }
}
