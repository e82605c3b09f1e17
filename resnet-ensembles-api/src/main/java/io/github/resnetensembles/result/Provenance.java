package io.github.resnetensembles.result;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Numbers;
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

  /**
   * One run on one machine.
   *
   * @param libraryVersion of this library
   * @param backend the backend's name
   * @param engine the engine and its version
   * @param device where it computed
   * @param threads how many threads ran batches
   * @param java the JVM
   * @param system operating system and processor architecture
   * @param seconds wall time
   * @param blockEvaluations branches computed, times images; of gradients the block VJPs
   */
  public record Run(
      String libraryVersion,
      String backend,
      String engine,
      String device,
      int threads,
      String java,
      String system,
      double seconds,
      long blockEvaluations) {
    /**
     * Checks the components.
     *
     * @param libraryVersion of this library
     * @param backend the backend's name
     * @param engine the engine and its version
     * @param device where it computed
     * @param threads how many threads ran batches
     * @param java the JVM
     * @param system operating system and processor architecture
     * @param seconds wall time
     * @param blockEvaluations branches computed
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Run {
      Require.present("libraryVersion", libraryVersion);
      libraryVersion = Names.oneLine(libraryVersion, Names.MAX_KEPT);
      Require.present("backend", backend);
      backend = Names.oneLine(backend, Names.MAX_KEPT);
      Require.present("engine", engine);
      engine = Names.oneLine(engine, Names.MAX_KEPT);
      Require.present("device", device);
      device = Names.oneLine(device, Names.MAX_KEPT);
      Require.present("java", java);
      java = Names.oneLine(java, Names.MAX_KEPT);
      Require.present("system", system);
      system = Names.oneLine(system, Names.MAX_KEPT);
      Require.atLeast(1, "threads", threads);
      Require.finiteAtLeastZero("seconds", seconds);
      seconds = Numbers.unsignedZero(seconds);
      Require.atLeast(0, "blockEvaluations", blockEvaluations);
    }
  }
}
