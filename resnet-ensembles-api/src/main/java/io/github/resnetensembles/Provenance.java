package io.github.resnetensembles;

import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.report.ProvenanceJson;
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
   * @param precision the floating-point format
   * @param batchSize images for each engine call
   * @param fingerprint of the network's arithmetic
   * @param runs the runs that the result was merged from
   * @throws IllegalArgumentException if the fingerprint has another number of classes than the
   *     network
   */
  public Provenance {
    data = Names.oneLine(data);
    runs = List.copyOf(runs);
    int expected = Fingerprint.IMAGES * architecture.head().classes();
    if (fingerprint.isPresent() && fingerprint.get().logits().size() != expected) {
      throw new IllegalArgumentException(
          "a fingerprint of "
              + architecture.name()
              + " has "
              + expected
              + " logits, got "
              + fingerprint.get().logits().size());
    }
  }

  /**
   * The same origin, of other runs.
   *
   * @param runs the runs
   * @return the changed copy
   */
  public Provenance withRuns(List<Run> runs) {
    return new Provenance(
        weightsSha256,
        trained,
        architecture,
        dataSha256,
        data,
        precision,
        batchSize,
        fingerprint,
        runs);
  }

  /**
   * The same origin with another fingerprint, or none.
   *
   * @param fingerprint of the network's arithmetic
   * @return the changed copy
   */
  public Provenance withFingerprint(Optional<Fingerprint> fingerprint) {
    return new Provenance(
        weightsSha256,
        trained,
        architecture,
        dataSha256,
        data,
        precision,
        batchSize,
        fingerprint,
        runs);
  }

  /** {@return this provenance as JSON, one line} */
  public String toJson() {
    return ProvenanceJson.write(this);
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
      long blockEvaluations) {}
}
