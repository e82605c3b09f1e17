package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** What a command said, and how it ended. */
record CommandRun(int exitCode, String out, String err) {
  static CommandRun of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new CommandRun(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Of words parted by blanks. */
  static CommandRun words(String line) {
    return of(line.isEmpty() ? new String[0] : line.split(" ", -1));
  }
}
