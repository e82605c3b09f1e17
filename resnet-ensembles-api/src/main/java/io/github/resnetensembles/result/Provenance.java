package io.github.resnetensembles.result;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.Architecture;
import java.util.List;
import java.util.Optional;

/**
 * Where a result comes from.
 *
 * @param weightsSha256 the hash of the weight file, or of the parameters in order where there is no
 *     file
 * @param trained false if the network was only initialised
 * @param architecture the network; its name is kept too
 * @param dataSha256 the data set's hash
 * @param data what the data set calls itself
 * @param dataset the published data set that the data are known to be of
 * @param precision the floating-point format
 * @param batchSize images for each engine call; an image at the edge of two classes may change
 *     sides between batch sizes
 * @param fingerprint of the network's arithmetic; empty in results of older versions, and in merged
 *     ones that were not verified
 * @param runs the runs that the result was merged from, sorted
 */
public record Provenance(
    String weightsSha256,
    boolean trained,
    Architecture architecture,
    String dataSha256,
    String data,
    Optional<KnownDataset> dataset,
    Precision precision,
    int batchSize,
    Optional<Fingerprint> fingerprint,
    List<Run> runs) {
  /**
   * Copies the runs.
   *
   * @param weightsSha256 the hash of the weight file
   * @param trained false if the network was only initialised
   * @param architecture the network
   * @param dataSha256 the data set's hash
   * @param data what the data set calls itself
   * @param dataset the published data set that the data are known to be of
   * @param precision the floating-point format
   * @param batchSize images for each engine call
   * @param fingerprint of the network's arithmetic
   * @param runs the runs that the result was merged from
   * @throws IllegalArgumentException if a hash is none, the batch size is below 1, or the
   *     fingerprint has another number of classes than the network
   */
  public Provenance {
    Require.present("data", data);
    data = Names.oneLine(data, Names.MAX_KEPT);
    runs = List.copyOf(runs);
    Require.present("architecture", architecture);
    Require.present("dataset", dataset);
    Require.present("precision", precision);
    Require.present("fingerprint", fingerprint);
    Require.sha256("weightsSha256", weightsSha256);
    Require.sha256("dataSha256", dataSha256);
    Require.atLeast(1, "batchSize", batchSize);
    int expected = Fingerprint.IMAGES * architecture.head().classes();
    if (fingerprint.isPresent() && fingerprint.get().logits().size() != expected) {
      throw new InvalidInputException(
          "a fingerprint of "
              + architecture.name()
              + " has "
              + expected
              + " logits, got "
              + fingerprint.get().logits().size());
    }
  }

  /**
   * A provenance whose data are of no published data set that is known, without a fingerprint.
   *
   * @param weightsSha256 the hash of the weight file
   * @param trained false if the network was only initialised
   * @param architecture the network
   * @param dataSha256 the data set's hash
   * @param data what the data set calls itself
   * @param precision the floating-point format
   * @param batchSize images for each engine call
   * @param runs the runs that the result was merged from
   * @throws IllegalArgumentException if a hash is none, or the batch size is below 1
   */
  public Provenance(
      String weightsSha256,
      boolean trained,
      Architecture architecture,
      String dataSha256,
      String data,
      Precision precision,
      int batchSize,
      List<Run> runs) {
    this(
        weightsSha256,
        trained,
        architecture,
        dataSha256,
        data,
        Optional.empty(),
        precision,
        batchSize,
        Optional.empty(),
        runs);
  }

  /**
   * The same with other runs.
   *
   * @param newRuns the runs that the result was merged from
   * @return the changed copy
   */
  public Provenance withRuns(List<Run> newRuns) {
    return new Provenance(
        weightsSha256,
        trained,
        architecture,
        dataSha256,
        data,
        dataset,
        precision,
        batchSize,
        fingerprint,
        newRuns);
  }

  /**
   * The same with another fingerprint, or none.
   *
   * @param newFingerprint of the network's arithmetic
   * @return the changed copy
   */
  public Provenance withFingerprint(Optional<Fingerprint> newFingerprint) {
    return new Provenance(
        weightsSha256,
        trained,
        architecture,
        dataSha256,
        data,
        dataset,
        precision,
        batchSize,
        newFingerprint,
        runs);
  }

  /** {@return this provenance as JSON, one line} */
  public String toJson() {
    return JsonNode.write(Provenance.class, this);
  }

  /** One run on one machine. An immutable value; {@link #toBuilder()} changes it. */
  public sealed interface Run permits MachineRun {
    /**
     * {@return a builder of a run of no time and no work on one thread of this JVM and system; all
     * else is "unknown"}
     */
    static Builder builder() {
      return RunBuilder.create();
    }

    /** {@return the version of this library} */
    String libraryVersion();

    /** {@return the backend's name} */
    String backend();

    /** {@return the engine and its version} */
    String engine();

    /** {@return the device that computed} */
    String device();

    /** {@return the number of threads that ran batches} */
    int threads();

    /** {@return the JVM} */
    String java();

    /** {@return the operating system and processor architecture} */
    String system();

    /** {@return the wall time in seconds} */
    double seconds();

    /** {@return the branches computed, times images; of gradients the block VJPs} */
    long blockEvaluations();

    /** {@return a builder that starts from this run} */
    default Builder toBuilder() {
      return RunBuilder.of(this);
    }

    /** A run in the making. Immutable: every setting returns a changed copy. */
    interface Builder {
      /**
       * Sets the version of this library.
       *
       * @param libraryVersion the new one
       * @return the changed copy
       */
      Builder libraryVersion(String libraryVersion);

      /**
       * Sets the backend's name.
       *
       * @param backend the new one
       * @return the changed copy
       */
      Builder backend(String backend);

      /**
       * Sets the engine and its version.
       *
       * @param engine the new one
       * @return the changed copy
       */
      Builder engine(String engine);

      /**
       * Sets the device that computed.
       *
       * @param device the new one
       * @return the changed copy
       */
      Builder device(String device);

      /**
       * Sets the number of threads that ran batches.
       *
       * @param threads at least 1
       * @return the changed copy
       */
      Builder threads(int threads);

      /**
       * Sets the JVM.
       *
       * @param java the new one
       * @return the changed copy
       */
      Builder java(String java);

      /**
       * Sets the operating system and processor architecture.
       *
       * @param system the new ones
       * @return the changed copy
       */
      Builder system(String system);

      /**
       * Sets the wall time in seconds.
       *
       * @param seconds finite and at least 0
       * @return the changed copy
       */
      Builder seconds(double seconds);

      /**
       * Sets the branches computed, times images; of gradients the block VJPs.
       *
       * @param blockEvaluations at least 0
       * @return the changed copy
       */
      Builder blockEvaluations(long blockEvaluations);

      /**
       * Checks the ranges.
       *
       * @return the run
       * @throws InvalidInputException if a number is out of its range
       */
      Run build();
    }
  }
}
