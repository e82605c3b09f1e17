package io.github.resnetensembles.examples.cli;

import com.google.common.primitives.Ints;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunOptions;
import java.io.PrintWriter;
import java.util.OptionalInt;
import java.util.function.IntSupplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What computes, where, and in which batches. */
final class ComputeOptions extends EngineOptions {
  private static final String AUTO = "auto";

  @Option(
      names = "--batch",
      paramLabel = "N|" + AUTO,
      defaultValue = "" + RunOptions.DEFAULT_BATCH_SIZE,
      converter = BatchSize.class,
      description =
          "Images for each engine call (default: ${DEFAULT-VALUE}), or "
              + AUTO
              + ": what is fastest here, found by trying once, for up to half a minute. Last bits"
              + " depend on it.")
  private OptionalInt batch = OptionalInt.of(RunOptions.DEFAULT_BATCH_SIZE);

  /** Reads a batch size, empty for that which is still to be found. */
  static final class BatchSize implements ITypeConverter<OptionalInt> {
    BatchSize() {}

    @Override
    public OptionalInt convert(String text) {
      if (text.equals(AUTO)) {
        return OptionalInt.empty();
      }
      Integer size = Ints.tryParse(text);
      if (size == null) {
        throw new TypeConversionException(
            "expected a number of images, or " + AUTO + ", got '" + text + "'");
      }
      return OptionalInt.of(size);
    }
  }

  /**
   * Ends a command that has to know the batch size beforehand.
   *
   * @param reason why, after what was asked for
   */
  void refuseAutomaticBatch(String reason) {
    if (batch.isEmpty()) {
      throw new InvalidInputException("--batch " + AUTO + " " + reason + "; give a number");
    }
  }

  /**
   * Decides about the batch size, unless a number was given; to be called before it is needed.
   *
   * @param size finds it
   * @param err where it is said
   */
  void chooseBatch(IntSupplier size, PrintWriter err) {
    if (batch.isEmpty()) {
      int chosen = size.getAsInt();
      batch = OptionalInt.of(chosen);
      err.println("batch: " + chosen + " (" + AUTO + ")");
    }
  }

  /** In images. */
  int batch() {
    return batch.orElseThrow(
        () -> new IllegalStateException("the batch size is needed before it was chosen"));
  }

  RunOptions runOptions(ProgressListener listener) {
    return new RunOptions(batch(), listener);
  }
}
