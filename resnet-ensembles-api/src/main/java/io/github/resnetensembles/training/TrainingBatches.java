package io.github.resnetensembles.training;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.network.Architecture;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.jspecify.annotations.Nullable;

/**
 * The mini-batches of a training in their order, prepared by threads of their own a few steps
 * ahead.
 */
final class TrainingBatches implements AutoCloseable {
  private static final String KIND = "training order";
  private static final int THREADS = 2;
  private static final int AHEAD = 4;

  /** Normalised pixels, (N, C, H, W), and labels. */
  @SuppressWarnings("ArrayRecordComponent") // Handed to the engine as they are, never compared.
  record Batch(float[] pixels, int[] labels) {
    int size() {
      return labels.length;
    }
  }

  private final ImageSet images;
  private final Architecture architecture;
  private final TrainingRecipe recipe;
  private final Augmenter augmenter;
  private final int stepsPerEpoch;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, TrainingBatches::daemon);
  private final Deque<Future<Batch>> prepared = new ArrayDeque<>();
  private long submitted;
  private int @Nullable [] order;

  /** The first batch will be that of the given step, from 0. */
  TrainingBatches(
      ImageSet images, Architecture architecture, TrainingRecipe recipe, long firstStep) {
    this.images = images;
    this.architecture = architecture;
    this.recipe = recipe;
    this.augmenter = new Augmenter(recipe.augmentation(), recipe.seed());
    this.stepsPerEpoch = stepsPerEpoch(images, recipe);
    this.submitted = firstStep;
  }

  /** A single image that is left over sits the epoch out: BatchNorm has no variance for it. */
  static int stepsPerEpoch(ImageSet images, TrainingRecipe recipe) {
    if (images.size() < 2) {
      throw new InvalidImagesException(
          "training needs at least 2 images, " + images.name() + " has " + images.size());
    }
    return count(images, recipe.batchSize());
  }

  /** The batches of at least 2 images, for BatchNorm's sake. */
  static int count(ImageSet images, int batchSize) {
    return images.size() / batchSize + (images.size() % batchSize > 1 ? 1 : 0);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "resnet-ensembles-training-batch");
    thread.setDaemon(true);
    return thread;
  }

  Batch next() throws InterruptedException {
    long steps = (long) stepsPerEpoch * recipe.epochs();
    while (prepared.size() < AHEAD && submitted < steps) {
      prepared.add(submit(submitted++));
    }
    try {
      return prepared.remove().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Future<Batch> submit(long step) {
    int epoch = Math.toIntExact(step / stepsPerEpoch) + 1;
    int inEpoch = Math.toIntExact(step % stepsPerEpoch);
    if (order == null || inEpoch == 0) {
      order = order(recipe.seed(), epoch, images.size());
    }
    int from = inEpoch * recipe.batchSize();
    int to = Math.min(images.size(), from + recipe.batchSize());
    int[] chosen = Arrays.copyOfRange(order, from, to);
    return threads.submit(() -> prepare(epoch, chosen));
  }

  static int[] order(long seed, int epoch, int size) {
    int[] order = PermutationSampler.natural(size);
    PermutationSampler.shuffle(Generators.of(seed, KIND, epoch, 0), order);
    return order;
  }

  private Batch prepare(int epoch, int[] chosen) {
    FeatureShape shape = architecture.input().paddedShape();
    float[] pixels = new float[Math.multiplyExact(chosen.length, shape.size())];
    int[] labels = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      ImageBatch image = images.batch(chosen[i], 1);
      labels[i] = image.labels()[0];
      float[] normalised = Pixels.normalised(image, architecture);
      augmenter.write(normalised, shape, epoch, image.firstRecord(), pixels, i * shape.size());
    }
    return new Batch(pixels, labels);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
