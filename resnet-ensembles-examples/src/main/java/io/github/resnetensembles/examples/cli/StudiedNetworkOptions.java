package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.DjlModels;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network is studied: one that this library describes, or the modules in a folder. */
final class StudiedNetworkOptions extends NetworkOptions {
  /** The backend that runs modules. */
  private static final String MODULES = "djl";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A folder of TorchScript modules with model.json, in place of --weights and --arch. Modules"
              + " are programs: they are executed.")
  @Nullable Path model;

  /** Whether a network is named at all. */
  boolean named() {
    return weights != null || architecture != null || model != null;
  }

  @Override
  List<String> flags() {
    return model == null ? super.flags() : List.of("--model", anywhere(model));
  }

  /** What needs no file to be said. */
  void check(EngineOptions engine) {
    if (model == null) {
      // Before anything is read: a backend that is not there cannot be mended by what follows.
      Objects.requireNonNull(engine.backend());
      return;
    }
    checkAlone();
    if (engine.backend != null && !engine.backend.equals(MODULES)) {
      throw new InvalidInputException(
          "--model needs --backend %s, which runs TorchScript modules, got %s"
              .formatted(MODULES, engine.backend));
    }
  }

  /**
   * Opens the network.
   *
   * @param images what it sees, which may be cut to another size than its own
   */
  ResidualModel open(EngineOptions engine, FolderFlags images) {
    Path folder = model;
    if (folder == null) {
      return ResidualModel.open(
          engine.backend(), images.fitted(load(engine.seed)), engine.modelOptions());
    }
    check(engine);
    return UnusableFileException.beforeWork(
        () -> DjlModels.torchScript(folder).options(engine.modelOptions()).open());
  }

  /** The network's description, for which modules have to run. */
  Architecture describe(EngineOptions engine) {
    if (model == null) {
      return describe();
    }
    // A command that only counts paths has not done so.
    EngineSetup unused = EngineSetup.apply();
    try (ResidualModel opened = open(engine, new FolderFlags())) {
      return opened.architecture();
    }
  }

  private void checkAlone() {
    if (weights != null || architecture != null) {
      throw new InvalidInputException(
          "--model stands in place of --weights and --arch: give one of them");
    }
    if (detailed()) {
      throw new InvalidInputException(
          "--model DIR says all of a network in its model.json: leave out " + detailFlags().get(0));
    }
  }
}
