package io.github.resnetensembles.result;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.internal.RecordBuilder;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Where a result comes from. An immutable value; {@link #toBuilder()} changes it. */
public sealed interface Provenance permits Origin {
  /**
   * A provenance of an untrained network, run in single precision, image by image, on data of no
   * published data set that is known; without a fingerprint and runs.
   *
   * @param weightsSha256 the hash of the values of the weights, as {@code Weights.sha256} of the
   *     package {@code weights} gives it; of networks of the user's own blocks, the backend's hash
   *     of their parameters; of a wrapper that changes a network, its own. Never that of a file
   * @param architecture the network
   * @param dataSha256 the data set's hash
   * @param data what the data set calls itself
   * @return the builder
   * @throws IllegalArgumentException if a hash is none
   */
  static Builder builder(
      String weightsSha256, Architecture architecture, String dataSha256, String data) {
    return new Origin(weightsSha256, architecture, dataSha256, data).toBuilder();
  }

  /**
   * The provenance of a result that is merged from others: what they have in common and all their
   * runs, sorted, each once. It is {@link #mixed()} if one of them is, or if runs differ in {@link
   * Run#sameArithmetic their arithmetic} or fingerprints in any bit, which has to be asked for.
   *
   * @param provenances at least one
   * @param options what to let pass
   * @return the same in whatever order they are given
   * @throws MergeException if network, weights, training state, data, precision, batch size or
   *     wirings at once differ, fingerprints do not show that one network gave all results, or it
   *     would be mixed; but for what an option lets pass
   */
  static Provenance merge(List<Provenance> provenances, MergeOption... options) {
    return MergedOrigins.merge(provenances, Set.copyOf(Arrays.asList(options)));
  }

  /** {@return the hash of the weight file, or of the parameters in order where there is no file} */
  String weightsSha256();

  /** {@return false if the network was only initialised} */
  boolean trained();

  /** {@return the network; its name is kept too} */
  Architecture architecture();

  /**
   * {@return what was assumed of the network, since its tensors do not tell it, by keys such as
   * {@code stem-pool}; empty if nothing was}
   */
  Map<String, String> assumed();

  /** {@return the data set's hash} */
  String dataSha256();

  /** {@return what the data set calls itself} */
  String data();

  /** {@return the published data set that the data are known to be of} */
  Optional<KnownDataset> dataset();

  /** {@return the floating-point format} */
  Precision precision();

  /**
   * {@return the records whose intact prediction is another one than in single precision,
   * ascending; empty where the precision is not one of 16 bits, or they were not looked for} They
   * are looked for among the records that an evaluation or a study of lesions has run: every one
   * whose two largest logits differ by at most five times {@link Precision#tolerance()}, of the
   * largest, is computed once more in single precision.
   */
  Optional<List<Integer>> flips();

  /**
   * {@return the images for each engine call; an image at the edge of two classes may change sides
   * between batch sizes}
   */
  int batchSize();

  /**
   * {@return how many wirings shared an engine call, at least 2; empty if each was run alone} Like
   * the batch size it decides about last bits.
   */
  OptionalInt wiringsAtOnce();

  /**
   * {@return the fingerprint of the network's arithmetic; empty in results of older versions, and
   * in merged ones that were not verified}
   */
  Optional<Fingerprint> fingerprint();

  /**
   * {@return whether it was merged of results whose arithmetic is not known to be the same bit by
   * bit: of other engines, instruction sets or devices; see {@link MergeOption#MIXED}}
   */
  boolean mixed();

  /** {@return the runs that the result was merged from, sorted} */
  List<Run> runs();

  /** {@return a builder that starts from this provenance} */
  default Builder toBuilder() {
    return RecordBuilder.of(Builder.class, this);
  }

  /** {@return this provenance as JSON, one line} */
  default String toJson() {
    return JsonNode.write(Provenance.class, this);
  }

  /**
   * A provenance in the making. Immutable: every setting returns a changed copy, and throws an
   * {@link IllegalArgumentException} if a hash is none, a number is below 1, or the fingerprint has
   * another number of classes than the network.
   */
  interface Builder {
    /**
     * Sets the hash of the weight file.
     *
     * @param weightsSha256 64 lower-case hex digits
     * @return the changed copy
     */
    Builder weightsSha256(String weightsSha256);

    /**
     * Sets whether the network was trained.
     *
     * @param trained false if it was only initialised
     * @return the changed copy
     */
    Builder trained(boolean trained);

    /**
     * Sets the network.
     *
     * @param architecture the new one
     * @return the changed copy
     */
    Builder architecture(Architecture architecture);

    /**
     * Sets what was assumed of the network.
     *
     * @param assumed values by keys, in order
     * @return the changed copy
     */
    Builder assumed(Map<String, String> assumed);

    /**
     * Sets the data set's hash.
     *
     * @param dataSha256 64 lower-case hex digits
     * @return the changed copy
     */
    Builder dataSha256(String dataSha256);

    /**
     * Sets what the data set calls itself.
     *
     * @param data one line
     * @return the changed copy
     */
    Builder data(String data);

    /**
     * Sets the published data set that the data are known to be of.
     *
     * @param dataset empty if it is not known
     * @return the changed copy
     */
    Builder dataset(Optional<KnownDataset> dataset);

    /**
     * Sets the floating-point format.
     *
     * @param precision the new one
     * @return the changed copy
     */
    Builder precision(Precision precision);

    /**
     * Sets the records whose intact prediction is another one than in single precision.
     *
     * @param flips ascending; empty if they were not looked for
     * @return the changed copy
     */
    Builder flips(Optional<List<Integer>> flips);

    /**
     * Sets the images for each engine call.
     *
     * @param batchSize at least 1
     * @return the changed copy
     */
    Builder batchSize(int batchSize);

    /**
     * Sets how many wirings shared an engine call.
     *
     * @param wiringsAtOnce at least 1
     * @return the changed copy
     */
    Builder wiringsAtOnce(int wiringsAtOnce);

    /**
     * Sets the fingerprint of the network's arithmetic.
     *
     * @param fingerprint empty if there is none
     * @return the changed copy
     */
    Builder fingerprint(Optional<Fingerprint> fingerprint);

    /**
     * Sets whether it was merged of results of different arithmetic.
     *
     * @param mixed whether last bits may differ between its parts
     * @return the changed copy
     */
    Builder mixed(boolean mixed);

    /**
     * Sets the runs that the result was merged from.
     *
     * @param runs sorted
     * @return the changed copy
     */
    Builder runs(List<Run> runs);

    /** {@return the provenance} */
    Provenance build();
  }

  /** One run on one machine. An immutable value; {@link #toBuilder()} changes it. */
  sealed interface Run permits MachineRun {
    /**
     * {@return a builder of a run of no time and no work on one thread of this JVM and system; all
     * else is "unknown"}
     */
    static Builder builder() {
      return new MachineRun().toBuilder();
    }

    /** {@return the version of this library} */
    String libraryVersion();

    /** {@return the backend's name} */
    String backend();

    /** {@return the engine and its version} */
    String engine();

    /**
     * {@return the build of the engine's native library, such as {@code cpu-linux-x86_64};
     * "unknown" in results of older versions and of backends that do not say}
     */
    String engineBuild();

    /**
     * {@return the processor's instruction set that the engine computes with, such as {@code avx2};
     * "unknown" in results of older versions and of backends that do not say}
     */
    String instructions();

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

    /**
     * Whether two runs computed in the same way, bit by bit, as far as they say: with the same
     * backend, engine, engine's build, instruction set and kind of device. What both do not know is
     * the same; what one of them does not know is not.
     *
     * @param other another run
     * @return whether nothing that is known can make their last bits differ
     */
    default boolean sameArithmetic(Run other) {
      return MergedOrigins.difference(this, other).isEmpty();
    }

    /** {@return a builder that starts from this run} */
    default Builder toBuilder() {
      return RecordBuilder.of(Builder.class, this);
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
       * Sets the build of the engine's native library.
       *
       * @param engineBuild the new one
       * @return the changed copy
       */
      Builder engineBuild(String engineBuild);

      /**
       * Sets the processor's instruction set that the engine computes with.
       *
       * @param instructions the new one
       * @return the changed copy
       */
      Builder instructions(String instructions);

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
