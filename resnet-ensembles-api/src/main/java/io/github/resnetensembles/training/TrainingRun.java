package io.github.resnetensembles.training;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.files.FolderLock;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The training loop, from a start or a checkpoint to the end. */
final class TrainingRun implements AutoCloseable {
  private final TrainingSettings settings;
  private final TrainingRecipe recipe;
  private final Backend backend;
  private final @Nullable OutputFolder output;
  private final ImageSet images;
  private final ImageSet test;
  private final TrainingListener listener;
  private final Map<String, String> identity;
  private final TrainingNetwork network;
  private final @Nullable FolderLock lock;
  private final Architecture trained;
  private final TrainingBatches batches;
  private final int stepsPerEpoch;
  private final long startNanos;
  private Place place;
  private boolean hasCheckpoint;
  private long trainedImages;
  private double trainingSeconds;
  private long blockEvaluations;

  TrainingRun(
      TrainingSettings settings,
      Backend backend,
      @Nullable OutputFolder output,
      ImageSet images,
      ImageSet test) {
    this.settings = settings;
    this.recipe = settings.recipe();
    this.backend = backend;
    this.output = output;
    this.images = images;
    this.test = test;
    this.listener = settings.listener();
    // Fails early where recipe and network, or recipe and images, do not fit.
    this.trained = recipe.wiring().trainedArchitecture(settings.architecture());
    this.stepsPerEpoch = TrainingBatches.stepsPerEpoch(images, recipe);
    Weights start = settings.start().weights(recipe.seed());
    this.identity = identity(settings, start, images, test);
    this.lock = output == null ? null : lock(output);
    try {
      @Nullable Checkpoint checkpoint = output == null ? null : begin(output, settings, identity);
      this.place = checkpoint == null ? Place.start() : checkpoint.place();
      this.network = open(settings, backend, start, checkpoint);
    } catch (RuntimeException | Error e) {
      giveBack(lock);
      throw e;
    }
    this.hasCheckpoint = place.steps() > 0;
    this.batches = new TrainingBatches(images, settings.architecture(), recipe, place.steps());
    this.startNanos = System.nanoTime();
  }

  private static TrainingNetwork open(
      TrainingSettings settings, Backend backend, Weights start, @Nullable Checkpoint checkpoint) {
    TrainingNetwork network =
        backend.training(
            checkpoint == null ? start : checkpoint.weights(),
            new TrainingOptions(
                settings.options(), BatchNormMode.TRAIN, settings.recipe().batchNormMomentum()));
    try {
      if (checkpoint != null) {
        network.restore(checkpoint.optimizer());
      }
      return network;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  private static FolderLock lock(OutputFolder output) {
    output.create();
    return FolderLock.of(output.folder());
  }

  private static void giveBack(@Nullable FolderLock lock) {
    if (lock != null) {
      lock.close();
    }
  }

  /** Looks at what the folder holds: where to go on from, or null for the start. */
  private static @Nullable Checkpoint begin(
      OutputFolder output, TrainingSettings settings, Map<String, String> identity) {
    @Nullable Checkpoint checkpoint = null;
    if (settings.checkpoints().resume()) {
      checkpoint = output.newest(identity, settings.listener());
      if (checkpoint == null) {
        settings.listener().onNotice("nothing to resume: starting from the beginning");
      }
    } else {
      output.requireNoCheckpoint();
    }
    output.removeLeftovers();
    return checkpoint;
  }

  /** What must be the same for a training to be gone on with. */
  private static Map<String, String> identity(
      TrainingSettings settings, Weights start, ImageSet images, ImageSet test) {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("recipe", settings.recipe().toJson());
    identity.put("network", settings.architecture().name());
    identity.put("start", start.sha256());
    identity.put("images", describe(images));
    identity.put("test", describe(test));
    identity.put("precision", settings.options().precision().name());
    return identity;
  }

  private static String describe(ImageSet images) {
    return images.size() + " from record " + images.offset() + " of " + images.sha256();
  }

  TrainingResult toTheEnd() {
    if (output != null) {
      output.writeEpochs(place.epochs());
    }
    @Nullable Evaluation last = null;
    try {
      while (place.epochs().size() < recipe.epochs()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (place.steps() == (long) place.epoch() * stepsPerEpoch) {
          last = finishEpoch();
        } else {
          step();
        }
      }
      Weights weights = snapshot();
      TrainingResult result = result(weights, last == null ? evaluate(weights) : last);
      if (output != null) {
        output.writeResult(result);
      }
      return result;
    } catch (InterruptedException | RunInterruptedException e) {
      throw interrupted();
    }
  }

  private void step() throws InterruptedException {
    long begin = System.nanoTime();
    TrainingBatches.Batch batch = batches.next();
    List<TrainedBlock> wiring =
        WiringDraws.draw(
            recipe.wiring(), settings.architecture(), recipe.seed(), place.steps(), batch.size());
    double[][] dropout =
        DropoutDraws.draw(settings.architecture(), recipe.seed(), place.steps(), batch.size());
    TrainingStep.Outcome outcome = TrainingStep.run(network, batch, wiring, dropout, recipe);
    double rate = recipe.learningRate().at(place.steps(), stepsPerEpoch, recipe.epochs());
    if (!Double.isFinite(outcome.loss())) {
      throw notFinite("the loss is " + outcome.loss(), rate);
    }
    network.apply(update(rate, wiring));
    place = place.afterStep(batch.size(), outcome);
    trainedImages += batch.size();
    blockEvaluations += batch.size() * wiring.stream().filter(block -> !block.dropped()).count();
    trainingSeconds += (System.nanoTime() - begin) / 1e9;
    tell(batch.size(), outcome, rate);
    boolean epochEnds = place.steps() == (long) place.epoch() * stepsPerEpoch;
    if (!epochEnds && place.steps() % settings.checkpoints().everySteps() == 0) {
      writeCheckpoint(snapshot());
    }
  }

  private ParameterUpdate update(double rate, List<TrainedBlock> wiring) {
    Set<Integer> resting =
        recipe.droppedBlocks() == TrainingRecipe.DroppedBlocks.MOVE_ON
            ? Set.of()
            : wiring.stream()
                .filter(TrainedBlock::dropped)
                .map(TrainedBlock::number)
                .collect(Collectors.toSet());
    return new ParameterUpdate(recipe.optimizer(), rate, recipe.clipNorm(), resting);
  }

  private void tell(int batch, TrainingStep.Outcome outcome, double rate) {
    long total = (long) stepsPerEpoch * recipe.epochs();
    double imagesPerSecond = trainedImages / trainingSeconds;
    long left = (total - place.steps()) * recipe.batchSize();
    listener.onStep(
        new StepReport(
            place.steps(),
            total,
            place.epoch(),
            recipe.epochs(),
            batch,
            outcome.loss(),
            (double) place.wrong() / place.images(),
            rate,
            imagesPerSecond,
            left / imagesPerSecond));
  }

  /** Evaluates, probes, and only then makes the epoch a part of the training's history. */
  private Evaluation finishEpoch() {
    int epoch = place.epoch();
    Weights weights = snapshot();
    Evaluation evaluation;
    try (ResidualModel model = opened(weights)) {
      evaluation = model.evaluate(test, RunOptions.defaults());
      for (TrainingSettings.ScheduledProbe probe : settings.probes()) {
        if (output != null && (epoch % probe.everyEpochs() == 0 || epoch == recipe.epochs())) {
          output.writeProbe(epoch, probe.probe().name(), probe.probe().run(model, test, epoch));
        }
      }
    }
    EpochRecord record =
        new TrainedEpoch(
            epoch,
            place.steps(),
            recipe.learningRate().at(place.steps() - 1, stepsPerEpoch, recipe.epochs()),
            place.lossSum() / place.images(),
            (double) place.wrong() / place.images(),
            evaluation.wrong(),
            evaluation.total(),
            evaluation.loss());
    boolean best = place.epochs().stream().allMatch(other -> record.wrong() < other.wrong());
    place = place.afterEpoch(record);
    if (output != null) {
      if (best) {
        output.writeBest(checkpoint(weights));
      }
      writeCheckpoint(weights);
      output.writeEpochs(place.epochs());
    }
    listener.onEpoch(record);
    return evaluation;
  }

  /** What a training in 16 bits makes are weights of single precision, so they are judged in it. */
  private ResidualModel opened(Weights weights) {
    ModelOptions options = settings.options();
    return ResidualModel.open(backend, weights, options.withPrecision(options.precision().kept()));
  }

  private Evaluation evaluate(Weights weights) {
    try (ResidualModel model = opened(weights)) {
      return model.evaluate(test, RunOptions.defaults());
    }
  }

  private void writeCheckpoint(Weights weights) {
    if (output != null) {
      listener.onCheckpoint(output.write(checkpoint(weights)));
      hasCheckpoint = true;
    }
  }

  private Checkpoint checkpoint(Weights weights) {
    return new Checkpoint(weights, network.optimizerState(), place, identity);
  }

  /** The network as it is now; never one that is broken. */
  private Weights snapshot() {
    Precision precision = network.info().precision();
    return Snapshots.of(
        trained,
        network.tensors(),
        precision,
        true,
        "training, step " + place.steps(),
        complaint -> notFinite(complaint, Double.NaN));
  }

  private TrainingException notFinite(String complaint, double rate) {
    return new TrainingException(
        ("%s at epoch %s, step %s%s: lower the learning rate, warm it up, or clip the"
                    + " gradient's norm")
                .formatted(
                    complaint,
                    place.epoch(),
                    place.steps() + 1,
                    Double.isNaN(rate) ? "" : " with the learning rate " + rate)
            + (output == null || !hasCheckpoint
                ? "; there is no checkpoint yet"
                : "; the last good checkpoint is in " + output.folder()));
  }

  private RunInterruptedException interrupted() {
    String saved = "";
    if (output != null) {
      writeCheckpoint(snapshot());
      saved = "; resume from " + output.folder();
    }
    Thread.currentThread().interrupt();
    return new RunInterruptedException(
        "interrupted in epoch " + place.epoch() + " after step " + place.steps() + saved);
  }

  private TrainingResult result(Weights weights, Evaluation last) {
    Provenance evaluated = last.provenance();
    Provenance.Run whole =
        evaluated.runs().get(0).toBuilder()
            .seconds((System.nanoTime() - startNanos) / 1e9)
            .blockEvaluations(blockEvaluations)
            .build();
    return new TrainingResult(
        weights,
        new TrainingHistory(
            recipe,
            place.epochs(),
            images.name(),
            images.sha256(),
            evaluated.toBuilder().runs(List.of(whole)).build()));
  }

  @Override
  public void close() {
    batches.close();
    network.close();
    giveBack(lock);
  }
}
