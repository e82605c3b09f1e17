package io.github.resnetensembles.training;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;

/**
 * A training, being set up. Immutable; every setting returns a new training. Without settings it
 * follows the network's {@linkplain TrainingRecipe#usual usual} recipe on {@link Backends#load()}
 * and writes no file.
 *
 * <p>With {@link #out} it writes into a folder, every file in one atomic move:
 *
 * <ul>
 *   <li>{@code checkpoint-000000123.safetensors} after step 123: weights, running statistics,
 *       optimizer's state, recipe, epoch records and place in the training (which is all the state
 *       that the random draws have); the last few are kept. Each is a weight file of this library,
 *       too.
 *   <li>{@code best.safetensors}: the checkpoint of the epoch with the fewest wrong test images,
 *       the first of equals.
 *   <li>{@code weights.safetensors}: the trained network, at the end.
 *   <li>{@code epochs.csv} and {@code training.json}: what {@link TrainingHistory} gives; the
 *       former grows with each epoch.
 *   <li>{@code probes/epoch-0005-lesions.json}: what probes found.
 * </ul>
 *
 * <p>Implemented by this library alone.
 */
public interface Training {
  /** The checkpoints that are kept unless told otherwise. */
  int DEFAULT_CHECKPOINTS_KEPT = 3;

  /**
   * Trains a network from untrained weights: {@link Weights#initialised} from the recipe's seed.
   *
   * @param architecture the network, not opaque
   * @return a training with default settings
   */
  static Training of(Architecture architecture) {
    return TrainingSettings.of(architecture);
  }

  /**
   * Trains a network further. Momenta start at 0.
   *
   * @param weights where training starts; they stay as they are
   * @return a training with default settings
   */
  static Training of(Weights weights) {
    return TrainingSettings.of(weights);
  }

  /**
   * Sets the recipe.
   *
   * @param recipe how to train
   * @return the changed copy
   */
  Training recipe(TrainingRecipe recipe);

  /**
   * Sets the backend.
   *
   * @param backend one that can train
   * @return the changed copy
   */
  Training backend(Backend backend);

  /**
   * Sets where and how the backend computes. Weights are those of {@link
   * io.github.resnetensembles.Precision#kept}, and are evaluated in it.
   *
   * @param options device, precision, threads
   * @return the changed copy
   */
  Training options(ModelOptions options);

  /**
   * Sets the folder for checkpoints and results.
   *
   * @param folder created if it does not exist; it must hold no checkpoint unless {@link #resume()}
   *     is set
   * @return the changed copy
   */
  Training out(Path folder);

  /**
   * Goes on from the newest undamaged checkpoint of the folder to the result of an uninterrupted
   * run, bit by bit where the backend is deterministic; where there is none, starts from the
   * beginning and tells the listener.
   *
   * @return the changed copy
   */
  Training resume();

  /**
   * Sets how often checkpoints are written and how many are kept. It needs {@link #out}.
   *
   * @param everySteps steps from one checkpoint to the next, at least 1; every epoch ends with one
   *     in any case
   * @param kept the newest checkpoints to keep, at least 1
   * @return the changed copy
   * @throws InvalidInputException if a number is below 1
   */
  Training checkpoints(int everySteps, int kept);

  /**
   * Adds a study of the network while it is trained, written beside the epoch records. It needs
   * {@link #out}.
   *
   * @param everyEpochs at least 1; the last epoch is studied in any case
   * @param probe the study
   * @return the changed copy
   * @throws InvalidInputException if the number is below 1, or a probe of that name was added
   */
  Training probe(int everyEpochs, TrainingProbe probe);

  /**
   * Sets who is told what happens.
   *
   * @param listener told from the thread that trains
   * @return the changed copy
   */
  Training listener(TrainingListener listener);

  /** {@return the network that is trained} */
  Architecture architecture();

  /** {@return how it is trained} */
  TrainingRecipe recipe();

  /** {@return who is told what happens} */
  TrainingListener listener();

  /**
   * What an evaluation before the first step would say of where it comes from, but for time and
   * work. Opens the network that training starts from and takes its fingerprint.
   *
   * @param images what will be trained on
   * @param test what the network will be evaluated on
   * @return the provenance
   * @throws InvalidInputException if the recipe does not fit the network
   * @throws InvalidImagesException if images do not fit the network, or are too few
   * @throws FileAccessException if a file of images cannot be read
   */
  Provenance provenance(ImageSet images, ImageSet test);

  /**
   * Trains.
   *
   * @param images what is trained on
   * @param test what the network is evaluated on after each epoch, in eval mode
   * @return the trained network and its history
   * @throws InvalidInputException if a setting does not fit the network, another run uses the
   *     folder, it holds checkpoints and {@link #resume()} is not set, or they belong to another
   *     training
   * @throws InvalidImagesException if images do not fit the network, or are damaged
   * @throws FileAccessException if a file of images or a checkpoint cannot be read, or the folder
   *     cannot be written
   * @throws BackendUnavailableException if the backend cannot train
   * @throws TrainingException if a loss or a weight is no longer finite
   * @throws RunInterruptedException if the thread was interrupted; a checkpoint was written
   */
  TrainingResult run(ImageSet images, ImageSet test);
}
