package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.djl.DjlRuntime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was set in this process before the engine is loaded, which is the user's to set otherwise.
 *
 * @param keepsMemory whether freed memory stays for the next tensor
 * @param waitsBriefly whether engine threads that wait for each other sleep soon
 */
record EngineSetup(boolean keepsMemory, boolean waitsBriefly) {
  /** What the user says of waiting, in the order in which the engine looks. */
  private static final List<String> WAITING = List.of("GOMP_SPINCOUNT", "OMP_WAIT_POLICY");

  /** Nothing was set. */
  static EngineSetup none() {
    return new EngineSetup(false, false);
  }

  /** Sets what can be set here; to be called once, before anything loads the engine. */
  static EngineSetup apply() {
    return new EngineSetup(DjlRuntime.tuneAllocator(), DjlRuntime.tuneWaiting());
  }

  /** For people. */
  List<String> lines() {
    return List.of(
        "memory: "
            + (keepsMemory
                ? "what is freed stays for the next tensor"
                : "what is freed goes where the C library puts it"),
        "waiting engine threads: "
            + (waitsBriefly
                ? "asleep after some microseconds"
                : given().orElse("as the engine does by itself")));
  }

  private static Optional<String> given() {
    return WAITING.stream()
        .flatMap(name -> Stream.ofNullable(System.getenv(name)).map(value -> name + "=" + value))
        .findFirst();
  }
}
