package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.examples.TimeLeft;
import io.github.resnetensembles.examples.plots.ReportPage;
import io.github.resnetensembles.files.FolderLock;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.report.Claim;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.ReportSection;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.run.ResultStore;
import io.github.resnetensembles.run.StudyExecutor;
import io.github.resnetensembles.run.StudyTasks;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run of a job: part after part, then the page. */
final class ReportRun {
  private static final String PAGE = "report.html";
  private static final String PARTS = "parts";
  private static final String NETWORKS = "networks";
  private static final String STORE = "store";
  private static final int CHECKED_IMAGES = 50;

  private final ReportJob job;
  private final Path folder;
  private final boolean resume;
  private final ReportListener listener;
  private final ReportNotes notes;

  ReportRun(ReportJob job, Path folder, boolean resume, ReportListener listener) {
    this.job = job;
    this.folder = folder;
    this.resume = resume;
    this.listener = listener;
    this.notes = new ReportNotes(job);
  }

  Report run() {
    createFolder();
    FolderLock lock = FolderLock.of(folder);
    try {
      return runAlone();
    } finally {
      lock.close();
    }
  }

  private Report runAlone() {
    lookIntoFolder();
    List<NetworkTask> tasks = NetworkTasks.of(job);
    notes.leftOut(tasks).forEach(listener::onNotice);
    Map<String, Double> work = work(tasks);
    create(folder.resolve(PARTS));
    ResultStore store = ResultStore.open(folder.resolve(STORE));
    int parts = tasks.stream().mapToInt(task -> task.parts().size()).sum();
    int trainings = (int) tasks.stream().filter(task -> task.training().isPresent()).count();
    Meter meter =
        new Meter(listener, new TimeLeft(System::nanoTime), parts + trainings, byKind(tasks, work));
    Report.Builder report = Report.builder();
    for (NetworkTask task : tasks) {
      report = report.add(task.label(), run(task, work, meter, store).toArray(Result[]::new));
    }
    Report whole = notes.addTo(report, tasks).build();
    List<ReportSection> wanted =
        whole.sections().stream()
            .filter(section -> job.possible().contains(section.kind()))
            .toList();
    List<Claim> claims =
        whole.claims().stream().filter(claim -> job.possible().contains(claim.section())).toList();
    List<Figure> headline =
        job.possible().contains(ReportSection.Kind.DELETE_ONE) ? whole.headline() : List.of();
    Report asked = new Report(whole.title(), claims, headline, wanted, whole.results());
    ReportPage.of(asked).writeTo(folder);
    return asked;
  }

  private void createFolder() {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".report", ".part"));
    } catch (IOException e) {
      throw cannotUse(folder, e);
    }
  }

  private void lookIntoFolder() {
    boolean begun =
        Files.exists(folder.resolve(PAGE))
            || Files.exists(folder.resolve(PARTS))
            || Files.exists(folder.resolve(STORE))
            || Files.exists(folder.resolve(NETWORKS));
    if (begun && !resume) {
      throw new InvalidInputException(
          ("--out %s holds a report already, or parts of one; go on with it by --resume,"
                  + " or name another folder")
              .formatted(folder));
    }
    if (!begun && resume) {
      listener.onNotice(folder + " holds no report to resume; this one starts from the beginning");
    }
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw cannotUse(folder, e);
    }
  }

  static FileAccessException cannotUse(Path folder, IOException e) {
    return new FileAccessException(
        "cannot use the folder %s: %s; make it writable, or name another folder"
            .formatted(folder, ResultFiles.reason(e)),
        e);
  }

  /** What each part costs, by file; before any work, so that what does not fit is found early. */
  private Map<String, Double> work(List<NetworkTask> tasks) {
    Map<String, Double> work = new HashMap<>();
    for (NetworkTask task : tasks) {
      try (OpenNetwork network = untrained(task)) {
        task.parts().forEach(part -> work.put(file(task, part), part.study().work(network)));
      }
    }
    return work;
  }

  /** What all parts cost, by what comes out of them. */
  private static Map<Class<?>, Double> byKind(List<NetworkTask> tasks, Map<String, Double> work) {
    Map<Class<?>, Double> byKind = new HashMap<>();
    for (NetworkTask task : tasks) {
      task.training()
          .ifPresent(training -> byKind.merge(TrainingHistory.class, training.work(), Double::sum));
      for (Part part : task.parts()) {
        byKind.merge(part.study().type(), work.getOrDefault(file(task, part), 0.0), Double::sum);
      }
    }
    return byKind;
  }

  private static String file(NetworkTask task, Part part) {
    return task.name() + "-" + part.name();
  }

  /** A network as it is without training. */
  private OpenNetwork untrained(NetworkTask task) {
    return task.source() instanceof GivenNetwork given
        ? given.open(job.engine())
        : OpenNetwork.of(
            Weights.initialised(task.source().architecture(), job.seed()), job.engine());
  }

  private List<Result> run(
      NetworkTask task, Map<String, Double> work, Meter meter, ResultStore store) {
    List<Result> results = new ArrayList<>();
    Optional<Weights> trained =
        task.training().map(training -> train(task, training, meter, results));
    if (task.source() instanceof GivenNetwork given) {
      given.history().ifPresent(results::add);
    }
    try (OpenNetwork network =
        trained
            .map(weights -> OpenNetwork.of(weights, job.engine()))
            .orElseGet(() -> untrained(task))) {
      for (Part part : task.parts()) {
        String file = file(task, part);
        meter.begin(
            task.name() + ": " + part.title(), part.study().type(), work.getOrDefault(file, 0.0));
        results.addAll(result(file, part.study().after(results), network, meter, store));
        meter.end();
      }
      if (task.checked()) {
        ImageSet images = job.images().test();
        int count = Math.min(CHECKED_IMAGES, images.size());
        results.add(network.model().verify(images.batch(count)));
      }
    }
    return results;
  }

  private Weights train(
      NetworkTask task, TrainingTask training, Meter meter, List<Result> results) {
    Path networkFolder = folder.resolve(NETWORKS).resolve(task.name());
    stopIfInterrupted();
    meter.begin(task.name() + ": train", TrainingHistory.class, training.work());
    results.add(training.run(networkFolder, resume, job.engine(), meter, listener));
    meter.end();
    // Read from the file, so that what is studied is what everybody else can open.
    return Weights.of(TrainingTask.weights(networkFolder));
  }

  private <R extends Result> List<Result> result(
      String file, Study<R> study, OpenNetwork network, Meter meter, ResultStore store) {
    stopIfInterrupted();
    StudyTasks<R> pieces = study.pieces(network, job.engine());
    R result = pieces.run(StudyExecutor.here(), store, meter.ofPart());
    ResultFiles.undisturbed(() -> result.writeJson(folder.resolve(PARTS).resolve(file + ".json")));
    return study.shown(result);
  }

  private static void stopIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new RunInterruptedException("interrupted between two parts");
    }
  }
}
