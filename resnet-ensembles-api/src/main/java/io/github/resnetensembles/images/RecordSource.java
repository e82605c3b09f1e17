package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import java.util.Optional;
import java.util.PrimitiveIterator;

/** All the records of one data set. Implementations are immutable and thread-safe. */
interface RecordSource {
  /** {@return for people; no path} */
  String name();

  /** {@return the number of records, at least 1} */
  int size();

  int classes();

  /** {@return whether the records have labels} */
  default boolean hasLabels() {
    return true;
  }

  FeatureShape shape();

  /** {@return 64 lower-case hex digits} */
  String sha256();

  /** {@return the known data set that all its records are of, in their original order} */
  Optional<KnownDataset> dataset();

  /**
   * Says which records will be read next; a source may get them ready.
   *
   * @param records in order, all in range
   * @param now how many of them are about to be read
   */
  default void expect(PrimitiveIterator.OfInt records, int now) {}

  /**
   * Reads records into arrays. A record that is skipped has the label {@link ImageBatch#SKIPPED}
   * and black pixels; one without a label {@link ImageBatch#UNLABELLED}.
   *
   * @param from the first record, in range
   * @param count how many, in range
   * @param pixels receives (N, C, H, W) from image {@code at} on
   * @param labels receives the labels from {@code at} on
   * @param at where the first goes
   */
  void read(int from, int count, float[] pixels, int[] labels, int at);
}
