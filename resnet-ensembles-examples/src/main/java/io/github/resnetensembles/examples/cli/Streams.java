package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.files.OutputFile;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two streams of a command: what is read by people goes through {@link PrintableWriter}. */
final class Streams {
  private final Remembering out;
  private final boolean pipe;
  private final PrintWriter results;
  private final PrintWriter log;

  Streams(OutputStream out, OutputStream err) {
    this.out = new Remembering(out);
    this.pipe = out instanceof FileOutputStream && isPipe();
    this.results = writer(this.out);
    this.log = writer(err);
  }

  private static PrintWriter writer(OutputStream out) {
    return new PrintWriter(new PrintableWriter(new OutputStreamWriter(out, UTF_8)), true);
  }

  /** Standard output as text. */
  PrintWriter results() {
    return results;
  }

  /** Standard error. */
  PrintWriter log() {
    return log;
  }

  /** Writes bytes to standard output as they are. */
  void write(OutputFile.Content content) {
    results.flush();
    try {
      content.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException("the stream keeps its errors to itself", e);
    }
  }

  /**
   * Why standard output could not be written. A reader that has closed it has seen enough: that is
   * no failure.
   */
  Optional<String> failure() {
    results.flush();
    IOException failure = out.failure;
    return failure == null || readerIsGone(failure)
        ? Optional.empty()
        : Optional.of(String.valueOf(failure.getMessage()));
  }

  private boolean readerIsGone(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return List.of("broken pipe", "pipe is being closed", "connection reset").stream()
            .anyMatch(message::contains)
        || pipe;
  }

  /** Nothing else can go wrong with a pipe; the system's messages come in many languages. */
  private static boolean isPipe() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Keeps the first failure, which a PrintWriter would lose, and writes no more after it. */
  private static final class Remembering extends FilterOutputStream {
    private @Nullable IOException failure;

    Remembering(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) {
      run(() -> out.write(b));
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
      run(() -> out.write(bytes, from, count));
    }

    @Override
    public void flush() {
      run(out::flush);
    }

    private synchronized void run(Writing writing) {
      if (failure == null) {
        try {
          writing.run();
        } catch (IOException e) {
          failure = e;
        }
      }
    }
  }

  private interface Writing {
    void run() throws IOException;
  }
}
