package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDManager;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.djl.DjlModels;
import io.github.resnetensembles.djl.internal.OwnNetwork.Opening;
import io.github.resnetensembles.djl.internal.OwnParts.Placement;
import io.github.resnetensembles.spi.Network;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A network of the modules in a folder, run as one of the user's own blocks is.
 *
 * @param directory with {@code model.json}
 * @param options device, precision, threads
 */
public record TorchScriptModel(Path directory, ModelOptions options)
    implements DjlModels.TorchScript {
  @Override
  public TorchScriptModel options(ModelOptions options) {
    return new TorchScriptModel(directory, options);
  }

  @Override
  public Network network() {
    PartsFolder folder = PartsFolder.open(directory);
    TorchEngine torch = TorchEngine.load();
    NDManager manager = torch.engine().newBaseManager(torch.device(options.device()));
    try {
      OwnParts parts = load(folder, manager);
      Placement placement =
          parts.placement(new Placement(manager.getDevice(), options.precision()));
      Precision wanted = options.precision();
      if (wanted != wanted.kept()) {
        throw new InvalidInputException(
            ("the precision %s is for networks that this library knows layer by layer; the modules"
                    + " of %s run in their own: leave it out")
                .formatted(wanted.name().toLowerCase(Locale.ROOT), folder.name()));
      }
      if (wanted == Precision.FLOAT64 && placement.precision() == Precision.FLOAT32) {
        throw new InvalidInputException(
            ("the modules of %s are float32 and run in that; for float64 export them in it"
                    + " (module.double())")
                .formatted(folder.name()));
      }
      return OwnNetwork.open(
          new Opening(folder.name(), folder.description().input().spec(), parts, options)
              .ownedBy(manager, folder.sha256()),
          placement);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** Loads within a gate, as every call of the engine is made. */
  private OwnParts load(PartsFolder folder, NDManager manager) {
    Gate gate = new Gate(folder.name(), options.effectiveThreads(), () -> {});
    try {
      return gate.call(() -> folder.load(manager));
    } finally {
      gate.close();
    }
  }
}
