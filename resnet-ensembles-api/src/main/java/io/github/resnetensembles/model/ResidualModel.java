package io.github.resnetensembles.model;

import com.google.common.annotations.Beta;
import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.BackendException;
import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.InvalidPathException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.RecordedOutputs;
import io.github.resnetensembles.weights.Weights;
import java.util.Collection;

/**
 * A network that can be evaluated under any wiring. It owns native memory: close it, once. Views
 * made by {@link #withLesion} share it; closing a view does nothing, and a view of a closed model
 * is closed. Safe for use by several threads; results do not depend on how many.
 *
 * <p>Implemented by this library alone.
 */
public interface ResidualModel extends AutoCloseable {
  /**
   * Makes a model of a backend's network.
   *
   * @param network what computes; the model owns and closes it
   * @return the model
   */
  static ResidualModel of(Network network) {
    return new NetworkModel(new OpenNetwork(network), Lesion.intact(), ImmutableList.of(), true);
  }

  /**
   * Opens a model with the only backend there is ({@link Backends#load()}) and default options.
   *
   * @param weights its weights
   * @return the model; the caller closes it
   * @throws BackendUnavailableException if there is no such backend, or its engine or device is
   *     missing
   */
  static ResidualModel open(Weights weights) {
    return open(Backends.load(), weights);
  }

  /**
   * Opens a model with default options.
   *
   * @param backend what computes
   * @param weights its weights
   * @return the model; the caller closes it
   * @throws BackendUnavailableException if the engine or the device is missing
   */
  static ResidualModel open(Backend backend, Weights weights) {
    return open(backend, weights, ModelOptions.defaults());
  }

  /**
   * Opens a model.
   *
   * @param backend what computes
   * @param weights its weights
   * @param options device, precision, threads
   * @return the model; the caller closes it
   * @throws BackendUnavailableException if the engine or the device is missing
   */
  static ResidualModel open(Backend backend, Weights weights, ModelOptions options) {
    return of(backend.network(weights, options));
  }

  /** {@return the network's description} */
  Architecture architecture();

  /**
   * {@return backend, engine, device, precision and the hash of the weights}
   *
   * @throws IllegalStateException if the model is closed
   */
  Network.NetworkInfo info();

  /**
   * What results of this model say of where they come from, without their cost and time: for
   * comparing with results that are there.
   *
   * @param images what is evaluated
   * @param options with the batch size
   * @return the provenance of a run of no seconds
   * @throws InvalidImagesException if the images do not fit the network
   * @throws RunInterruptedException if the thread was interrupted
   * @throws IllegalStateException if the model is closed
   */
  Provenance provenance(ImageSet images, RunOptions options);

  /** {@return the lesion of this view; intact for the model itself} */
  Lesion lesion();

  /** {@return how this view's blocks are connected} */
  Wiring wiring();

  /**
   * The same network with more damage. The model is not changed and nothing has to be restored.
   *
   * @param lesion applied after this view's own
   * @return a view
   * @throws InvalidLesionException if the lesion does not fit the network
   */
  default ResidualModel withLesion(Lesion lesion) {
    return withLesion(lesion, new ImageSet[0]);
  }

  /**
   * The same network with more damage, and with the images that lesions take branch outputs from:
   * those of {@link Lesion.Mean} and {@link Lesion.Resample}. Means are taken once for each view,
   * when they are needed first. The view's studies, evaluations, logits and intermediate outputs
   * use them, and so do views of the view; studies and evaluations find reference sets among the
   * images that they are run on, too.
   *
   * @param lesion applied after this view's own
   * @param references images that hold the lesions' reference sets
   * @return a view
   * @throws InvalidLesionException if the lesion does not fit the network
   * @throws InvalidImagesException if an image set of your own contradicts itself
   */
  ResidualModel withLesion(Lesion lesion, ImageSet... references);

  /**
   * Evaluates this view with default options.
   *
   * @param images what to evaluate
   * @return the counts
   * @throws InvalidImagesException if the images do not fit the network, or are damaged
   * @throws FileAccessException if a file of images cannot be read
   * @throws RunInterruptedException if the thread was interrupted
   * @throws IllegalStateException if the model is closed
   */
  default Evaluation evaluate(ImageSet images) {
    return evaluate(images, RunOptions.defaults());
  }

  /**
   * Evaluates this view.
   *
   * @param images what to evaluate
   * @param options batch size and listener
   * @return the counts
   * @throws InvalidImagesException if the images do not fit the network, or are damaged
   * @throws FileAccessException if a file of images cannot be read
   * @throws RunInterruptedException if the thread was interrupted
   * @throws IllegalStateException if the model is closed
   */
  default Evaluation evaluate(ImageSet images, RunOptions options) {
    return evaluate(images, options, Measures.none());
  }

  /**
   * Evaluates this view, and measures more of every image than every evaluation counts.
   *
   * @param images what to evaluate
   * @param options batch size and listener
   * @param measures metrics, and whether loss and margin of each image are kept
   * @return the counts, in whose row ({@link Evaluation#row()}) the measures are
   * @throws InvalidImagesException if the images do not fit the network, or are damaged
   * @throws InvalidInputException if a metric's value is not finite
   * @throws FileAccessException if a file of images cannot be read
   * @throws RunInterruptedException if the thread was interrupted
   * @throws IllegalStateException if the model is closed
   */
  Evaluation evaluate(ImageSet images, RunOptions options, Measures measures);

  /**
   * The batch size with which this machine, as it is now, takes the least time for an image. The
   * intact network is run on made-up images, on all threads, in batches of 8, 16, 32, 50, 64, 100,
   * 128 and 256; a larger one has to be 3 % faster than the best so far. No candidate is begun that
   * is expected to go beyond 30 seconds in all. None is larger than what leaves a batch for each
   * thread, and none takes more than half of the memory that is available for 20 outputs of each
   * thread; a GPU that has no room for a candidate ends the search, or halves the smallest one.
   *
   * <p>Last bits of results depend on the batch size, and another call may choose another one: ask
   * once, before the first result, and for all results that shall merge.
   *
   * <p>Beta: what is tried, and how long, may need to be said.
   *
   * @param images how many will be evaluated, at least 1
   * @return from 1 to 256
   * @throws IllegalArgumentException if there are no images
   * @throws RunInterruptedException if the thread was interrupted
   * @throws BackendException if the network cannot be run on one image
   * @throws IllegalStateException if the model is closed
   */
  @Beta
  int fastestBatchSize(int images);

  /**
   * The logits of a batch.
   *
   * @param batch the images
   * @return one array of C logits for each image
   * @throws InvalidImagesException if the images do not fit the network
   * @throws InvalidLesionException if the view takes branch outputs from images that it was not
   *     given
   * @throws RunInterruptedException if the thread was interrupted while such outputs were taken
   * @throws IllegalStateException if the model is closed
   */
  double[][] logits(ImageBatch batch);

  /**
   * The outputs of the stem and of every step of this view's wiring.
   *
   * @param batch the images
   * @return y_0 … y_n and the logits
   * @throws InvalidImagesException if the images do not fit the network
   * @throws InvalidLesionException if the view takes branch outputs from images that it was not
   *     given
   * @throws RunInterruptedException if the thread was interrupted while such outputs were taken
   * @throws IllegalStateException if the model is closed
   */
  Intermediates intermediates(ImageBatch batch);

  /** {@return a lesion study of this view, to be set up} */
  LesionStudy lesions();

  /**
   * The paths of this view, under its wiring. They are values: they stay after the model is closed.
   *
   * @return all paths, in numerical order
   * @throws InvalidPathException if there are more than {@value PathEnumerator#MAX_BLOCKS} steps
   */
  default PathEnumerator paths() {
    return PathEnumerator.of(architecture(), wiring());
  }

  /** {@return a probe of this view's gradient by path length, to be set up} */
  GradientProbe gradients();

  /**
   * Evaluates equation (5) of the paper literally: the unravelled view, in which every block's
   * input is computed anew for its skip connection and for its branch, down to one stem for each
   * path. With n residual blocks the stem is run 2^n times.
   *
   * @param batch some images
   * @return how far its logits are from those of the ordinary forward pass
   * @throws InvalidInputException if there are more than {@value Unravelling#MAX_BLOCKS} residual
   *     blocks
   * @throws InvalidLesionException if the view takes branch outputs from elsewhere
   * @throws InvalidPathException if blocks do not name the view's paths
   * @throws RunInterruptedException if the thread was interrupted
   * @throws IllegalStateException if the model is closed
   */
  Unravelling unravelled(ImageBatch batch);

  /**
   * The logits of the sub-network that some paths make: the unravelled view with all others cut
   * off. Every block sees the sum of those paths only that go through it. All paths together give
   * the logits of this view; one path alone gives those of {@code withLesion(new
   * Lesion.KeepOnly(path.blocks()))} with every skip connection around its blocks cut too. The cost
   * is at most one block evaluation for each path and block.
   *
   * @param batch the images
   * @param paths at least one of {@link #paths()}; repetitions do not count
   * @return one array of C logits for each image
   * @throws InvalidPathException if there is none, or one is not a path of this view
   * @throws InvalidLesionException if the view takes branch outputs from elsewhere
   * @throws RunInterruptedException if the thread was interrupted
   * @throws IllegalStateException if the model is closed
   */
  double[][] logits(ImageBatch batch, Collection<ResidualPath> paths);

  /**
   * Checks that this model is what lesion studies take it for: with a branch gain of 0 a block
   * gives exactly post(skip); the skip connections are affine (looked at in blocks without a lead,
   * which need not be); statistics are frozen (an image's output does not depend on its neighbours
   * in the batch, nor on earlier runs); the blockwise run equals the network run in one piece. A
   * check that cannot be measured fails.
   *
   * @param batch some images, at least 2
   * @return every check with its deviation
   * @throws IllegalArgumentException if the batch has fewer than 2 images
   * @throws IllegalStateException if the model is closed
   */
  Verification verify(ImageBatch batch);

  /**
   * Checks as {@link #verify(ImageBatch)} does, and compares with logits from elsewhere.
   *
   * @param batch some images, at least 2
   * @param logits the intact network's logits of the first images, by another implementation
   * @param limit the largest deviation allowed, absolute
   * @return every check, and the parity
   * @throws IllegalArgumentException if there are more logits than images, or not C for each
   */
  Verification verify(ImageBatch batch, double[][] logits, double limit);

  /**
   * Compares with what another implementation gave, block by block: the first output that deviates
   * is {@link Verification.Parity#firstDeviation()}, and what was assumed of its block, or of the
   * stem, is to blame. The checks of {@link #verify(ImageBatch)} are made too, unless there is one
   * image only.
   *
   * @param recorded the images and the outputs of the intact network
   * @param limit the largest deviation allowed, relative to the largest value of an output where
   *     that is above 1
   * @return every check, and the parity
   * @throws InvalidImagesException if the images do not fit the network
   * @throws IllegalArgumentException if an output does not fit the network, or the limit is
   *     negative or not finite
   * @throws IllegalStateException if the model is closed
   */
  Verification verify(RecordedOutputs recorded, double limit);

  /**
   * Frees native memory. Later calls do nothing; every other method then throws {@link
   * IllegalStateException}, also while closing waits for the evaluations that are under way. What
   * these call, such as a listener, may go on using the model until they are done. A caller that is
   * itself called by a run of another model does not wait: the last evaluation then frees the
   * memory. A model that nobody closes stays open for as long as a run, a view or a study of it is
   * reachable, and its native memory beyond that, until the JVM ends.
   *
   * @throws IllegalStateException if the caller is called by a run of this model, which it would
   *     wait for
   */
  @Override
  void close();
}
