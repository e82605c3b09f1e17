package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.report.Results;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The results of finished parts, one file each. What an earlier run kept counts only if it was
 * measured with the same library on the same network and images, in the same way.
 */
final class PartFiles {
  private final Path folder;
  private final boolean resume;
  private final Engine engine;
  private final ReportListener listener;

  PartFiles(Path folder, boolean resume, Engine engine, ReportListener listener) {
    this.folder = folder;
    this.resume = resume;
    this.engine = engine;
    this.listener = listener;
  }

  /** The result that an earlier run kept; empty if there is none of this very part. */
  <R extends Result> Optional<R> kept(String name, Study<R> study, OpenNetwork network) {
    Path file = file(name);
    if (!resume || !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Result result = Results.read(file);
      String difference = "another study";
      if (study.type().isInstance(result)) {
        R own = study.type().cast(result);
        Optional<String> found = difference(own, study, network);
        if (found.isEmpty()) {
          return Optional.of(own);
        }
        difference = found.get();
      }
      listener.onNotice(file + " is of " + difference + "; it is measured again");
    } catch (IllegalArgumentException e) {
      listener.onNotice(file + " is damaged and measured again: " + e.getMessage());
    } catch (FileAccessException e) {
      listener.onNotice(e.getMessage() + "; it is measured again");
    }
    return Optional.empty();
  }

  void keep(String name, Result result) {
    ResultFiles.undisturbed(() -> result.writeJson(file(name)));
  }

  private Path file(String name) {
    return folder.resolve(name + ".json");
  }

  private <R extends Result> Optional<String> difference(
      R result, Study<R> study, OpenNetwork network) {
    Provenance theirs = result.provenance();
    Provenance ours = network.provenance(study.images(), engine);
    if (!theirs.weightsSha256().equals(ours.weightsSha256())
        || !theirs.architecture().equals(ours.architecture())
        || !sameArithmetic(theirs, ours)) {
      return Optional.of("another network");
    }
    if (!theirs.dataSha256().equals(ours.dataSha256())
        || !theirs.dataset().equals(ours.dataset())) {
      return Optional.of("other images");
    }
    if (theirs.precision() != ours.precision()
        || theirs.batchSize() != study.batchSize(ours.batchSize())) {
      return Optional.of("another precision or batch size");
    }
    if (!theirs.runs().stream().allMatch(run -> sameEngine(run, ours.runs().get(0)))) {
      return Optional.of("another version of library or engine, or another device");
    }
    return study.measured(result, network)
        ? Optional.empty()
        : Optional.of("other lesions, draws or images");
  }

  private static boolean sameArithmetic(Provenance theirs, Provenance ours) {
    Optional<Fingerprint> mine = ours.fingerprint();
    return mine.isPresent()
        && theirs
            .fingerprint()
            .filter(fingerprint -> fingerprint.agrees(mine.get(), ours.precision()))
            .isPresent();
  }

  private static boolean sameEngine(Provenance.Run run, Provenance.Run other) {
    return run.libraryVersion().equals(other.libraryVersion())
        && run.backend().equals(other.backend())
        && run.engine().equals(other.engine())
        && run.device().equals(other.device());
  }
}
