package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.Streams;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.resnetensembles.FeatureShape;
import java.util.Optional;
import java.util.PrimitiveIterator;

/**
 * Chosen records of another data set, as a data set of its own.
 *
 * <p>Its hash is the SHA-256 of these bytes: the ASCII text {@code "resnet-ensembles subset
 * v1\n<parent's hash>\n"}, then the parent's record numbers in order, each a 4-byte big-endian
 * integer.
 */
final class ChosenRecords implements RecordSource {
  private final RecordSource parent;
  private final int[] records;
  private final Supplier<String> sha256;

  /** Takes over the array. */
  ChosenRecords(RecordSource parent, int[] records) {
    this.parent = parent;
    this.records = records;
    this.sha256 = Suppliers.memoize(this::hash);
  }

  private String hash() {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString("resnet-ensembles subset v1\n" + parent.sha256() + "\n", US_ASCII);
    for (int i = 0; i < records.length; i++) {
      ImageHash.INTERRUPTS.check(i);
      // Guava's putInt is little-endian.
      hasher.putInt(Integer.reverseBytes(records[i]));
    }
    return hasher.hash().toString();
  }

  /** Chosen images are not what was published, whatever they were chosen from. */
  @Override
  public Optional<KnownDataset> dataset() {
    return Optional.empty();
  }

  @Override
  public String name() {
    return parent.name() + " (subset of " + records.length + ")";
  }

  @Override
  public int size() {
    return records.length;
  }

  @Override
  public int classes() {
    return parent.classes();
  }

  @Override
  public boolean hasLabels() {
    return parent.hasLabels();
  }

  @Override
  public FeatureShape shape() {
    return parent.shape();
  }

  @Override
  public String sha256() {
    return sha256.get();
  }

  @Override
  public void expect(PrimitiveIterator.OfInt chosen, int now) {
    parent.expect(Streams.stream(chosen).mapToInt(record -> records[record]).iterator(), now);
  }

  @Override
  public void read(int from, int count, float[] pixels, int[] labels, int at) {
    int end = from + count;
    int i = from;
    while (i < end) {
      int run = 1;
      while (i + run < end && records[i + run] == records[i] + run) {
        run++;
      }
      parent.read(records[i], run, pixels, labels, at + i - from);
      i += run;
    }
  }
}
