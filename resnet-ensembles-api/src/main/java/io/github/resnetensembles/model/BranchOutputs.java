package io.github.resnetensembles.model;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.internal.wiring.ForeignBranches;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BranchSource;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.network.Wiring.Step;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.commons.rng.UniformRandomProvider;
import org.jspecify.annotations.Nullable;

/**
 * The branch outputs that do not come from the step's own input: means over a reference set, taken
 * once for a study or a view, and donors' outputs, taken once for a batch. Both are those of the
 * intact network's forward pass.
 */
final class BranchOutputs {
  /** Where images of reference sets come from; checked before the work starts. */
  record Sources(List<ImageSet> available) {
    ImageSet find(ReferenceSet wanted) {
      for (ImageSet set : available) {
        if (set.sha256().equals(wanted.sha256())
            && set.offset() <= wanted.offset()
            && wanted.offset() + (long) wanted.count() <= set.offset() + (long) set.size()) {
          return set.range(wanted.offset() - set.offset(), wanted.count());
        }
      }
      throw new InvalidLesionException(
          String.format(
              "the reference set %s…, records %s to %s, is not among the images given; give it as a"
                  + " study's reference, or to the view, withLesion(lesion, images)",
              wanted.sha256().substring(0, 12),
              wanted.offset(),
              wanted.offset() + wanted.count() - 1));
    }
  }

  private final Network network;
  private final Architecture architecture;
  private final Sources sources;
  private final Map<BranchSource, SortedSet<Integer>> blocks;
  private final Map<Key, MeanOutput> means = new HashMap<>();

  private record Key(int block, BranchSource source) {}

  private static final class MeanOutput {
    final FeatureShape shape;
    final double[] values;

    MeanOutput(FeatureShape shape) {
      this.shape = shape;
      this.values = new double[shape.size()];
    }
  }

  BranchOutputs(Network network, ForeignBranches foreign, Sources sources) {
    this.network = network;
    this.architecture = network.architecture();
    this.sources = sources;
    this.blocks = foreign.blocksBySource();
    for (BranchSource source : blocks.keySet()) {
      ImageSet unused = Pixels.fitting(sources.find(reference(source)), architecture);
    }
  }

  private static ReferenceSet reference(BranchSource source) {
    return source instanceof BranchSource.Mean mean
        ? mean.reference()
        : ((BranchSource.Resample) source).reference();
  }

  /** Takes the means; called once, before any batch. */
  void takeMeans(int batchSize, Runnable check) {
    for (Map.Entry<BranchSource, SortedSet<Integer>> entry : blocks.entrySet()) {
      if (entry.getKey() instanceof BranchSource.Mean mean) {
        takeMeans(mean, entry.getValue(), batchSize, check);
      }
    }
  }

  private void takeMeans(
      BranchSource.Mean source, SortedSet<Integer> wanted, int batchSize, Runnable check) {
    ImageSet images = sources.find(source.reference());
    Map<Integer, MeanOutput> sums = new HashMap<>();
    for (int from = 0; from < images.size(); from += batchSize) {
      ImageBatch batch = images.batch(from, Math.min(batchSize, images.size() - from));
      SortedMap<Integer, Activation> outputs = intactBranches(batch, wanted, check);
      try {
        outputs.forEach((block, output) -> addUp(output, sums, block));
      } finally {
        outputs.values().forEach(Activation::close);
      }
    }
    sums.forEach(
        (block, sum) -> {
          for (int i = 0; i < sum.values.length; i++) {
            sum.values[i] /= images.size();
          }
          means.put(new Key(block, source), sum);
        });
  }

  private static void addUp(Activation output, Map<Integer, MeanOutput> sums, int block) {
    double[] values = output.values();
    int size = output.shape().size();
    double[] sum = sums.computeIfAbsent(block, unused -> new MeanOutput(output.shape())).values;
    for (int i = 0; i < values.length; i++) {
      sum[i % size] += values[i];
    }
  }

  /** The branch outputs of the intact network for a batch, for some blocks. */
  private SortedMap<Integer, Activation> intactBranches(
      ImageBatch batch, SortedSet<Integer> wanted, Runnable check) {
    SortedMap<Integer, Activation> outputs = new TreeMap<>();
    Activation y = null;
    try {
      y = network.stem(Pixels.normalised(batch, architecture), batch.size());
      for (Step step : Wiring.intact(architecture).steps()) {
        check.run();
        int block = step.block();
        Activation next;
        if (wanted.contains(block)) {
          Activation branch = network.branch(block, y);
          outputs.put(block, branch);
          if (block == wanted.last()) {
            return outputs;
          }
          next = network.step(block, step.skipGain(), step.branchGain(), y, branch);
        } else {
          next = network.step(block, step.skipGain(), step.branchGain(), y);
        }
        y.close();
        y = next;
      }
      throw new IllegalStateException("no block " + wanted.last());
    } catch (RuntimeException | Error e) {
      outputs.values().forEach(Activation::close);
      throw e;
    } finally {
      if (y != null) {
        y.close();
      }
    }
  }

  /**
   * The outputs that one batch's steps take from elsewhere; closed after the batch.
   *
   * @param dataSha256 of the batch's data set; null if not known
   */
  Batch forBatch(ImageBatch batch, @Nullable String dataSha256, Runnable check) {
    Batch outputs = new Batch();
    try {
      means.forEach(
          (key, mean) ->
              outputs.activations.put(key, network.activation(mean.values, 1, mean.shape)));
      for (Map.Entry<BranchSource, SortedSet<Integer>> entry : blocks.entrySet()) {
        if (entry.getKey() instanceof BranchSource.Resample source) {
          ImageBatch donors = donors(batch, dataSha256, source);
          intactBranches(donors, entry.getValue(), check)
              .forEach((block, output) -> outputs.activations.put(new Key(block, source), output));
        }
      }
      return outputs;
    } catch (RuntimeException | Error e) {
      outputs.close();
      throw e;
    }
  }

  private ImageBatch donors(
      ImageBatch batch, @Nullable String dataSha256, BranchSource.Resample source) {
    ImageSet reference = sources.find(source.reference());
    int[] indices = new int[batch.size()];
    for (int n = 0; n < indices.length; n++) {
      int record = batch.firstRecord() + n;
      boolean sameData =
          dataSha256 == null
              ? holds(reference, record, batch, n)
              : dataSha256.equals(source.reference().sha256());
      indices[n] = donor(source, record, sameData);
    }
    return gathered(reference, indices);
  }

  /** Whether a set has an image of a batch under the same record number. */
  private static boolean holds(ImageSet images, int record, ImageBatch batch, int n) {
    int index = record - images.offset();
    if (index < 0 || index >= images.size()) {
      return false;
    }
    int size = images.shape().size();
    float[] other = ImageSets.checkedPixels(images.batch(index, 1));
    return Arrays.equals(ImageSets.checkedPixels(batch), n * size, (n + 1) * size, other, 0, size);
  }

  /**
   * Images from anywhere in a set, perhaps some of them twice; their record numbers mean nothing.
   */
  private static ImageBatch gathered(ImageSet images, int[] indices) {
    int size = images.shape().size();
    float[] pixels = new float[indices.length * size];
    int[] labels = new int[indices.length];
    for (int n = 0; n < indices.length; n++) {
      ImageBatch one = images.batch(indices[n], 1);
      Pixels.requireAll(one);
      System.arraycopy(one.pixels(), 0, pixels, n * size, size);
      labels[n] = one.labels()[0];
    }
    return ImageSets.batch(images.shape(), pixels, labels, 0);
  }

  /** The donor of a record, counted from the reference set's start. */
  static int donor(BranchSource.Resample source, int record, boolean sameData) {
    ReferenceSet reference = source.reference();
    UniformRandomProvider rng = Generators.named(source.seed() + "/resample/" + record);
    int own = record - reference.offset();
    boolean avoidOwn = sameData && own >= 0 && own < reference.count() && reference.count() > 1;
    int index = rng.nextInt(avoidOwn ? reference.count() - 1 : reference.count());
    return avoidOwn && index >= own ? index + 1 : index;
  }

  /** Native memory of one batch. */
  static final class Batch implements AutoCloseable {
    private final Map<Key, Activation> activations = new HashMap<>();

    /** Runs a step whose branch output is not its own. */
    Activation run(Network network, Step step, Activation y) {
      Activation branch = activations.get(new Key(step.block(), step.source()));
      if (branch == null) {
        throw new IllegalStateException("no branch output for " + step);
      }
      return network.step(step.block(), step.skipGain(), step.branchGain(), y, branch);
    }

    @Override
    public void close() {
      activations.values().forEach(Activation::close);
    }
  }
}
