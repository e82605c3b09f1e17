package io.github.resnetensembles.examples.cli;

/** A program that works until it is interrupted, then tidies up and says so. */
final class WaitingProgram {
  private WaitingProgram() {}

  public static void main(String[] args) throws InterruptedException {
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
