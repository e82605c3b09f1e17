package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
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
import io.github.resnetensembles.run.StoreOption;
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
import java.util.Objects;
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

  /** Takes the next missing piece of those that {@link Pieces#executor} would be given. */
  void workOnPieces() {
    try (Together together = together(NetworkTasks.of(job))) {
      StudyExecutor.here().execute(together.studies, store(), ProgressListener.none());
    }
  }

  private Report runAlone() {
    lookIntoFolder();
    List<NetworkTask> tasks = NetworkTasks.of(job);
    notes.leftOut(tasks).forEach(listener::onNotice);
    Map<String, Double> work = work(tasks);
    create(folder.resolve(PARTS));
    ResultStore store = store();
    int parts = tasks.stream().mapToInt(task -> task.parts().size()).sum();
    int trainings = (int) tasks.stream().filter(task -> task.training().isPresent()).count();
    Optional<StudyExecutor> executor = job.engine().pieces().executor();
    double together = executor.isPresent() ? workTogether(tasks, work) : 0;
    Map<Class<?>, Double> byKind = byKind(tasks, work);
    byKind.put(StudyTasks.class, together);
    Meter meter =
        new Meter(
            listener,
            new TimeLeft(System::nanoTime),
            parts + trainings + (executor.isPresent() ? 1 : 0),
            byKind);
    Map<String, TrainingHistory> trained = new HashMap<>();
    executor.ifPresent(
        others -> {
          tasks.forEach(task -> train(task, trained, meter));
          runTogether(tasks, others, store, together, meter);
        });
    Report.Builder report = Report.builder();
    for (NetworkTask task : tasks) {
      train(task, trained, meter);
      List<Result> results = new ArrayList<>();
      Optional.ofNullable(trained.get(task.name())).ifPresent(results::add);
      report =
          report.add(task.label(), run(task, results, work, meter, store).toArray(Result[]::new));
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
    if (begun && !goesOn()) {
      throw new InvalidInputException(
          ("--out %s holds a report already, or parts of one; go on with it by --resume,"
                  + " or name another folder")
              .formatted(folder));
    }
    if (!begun && resume) {
      listener.onNotice(folder + " holds no report to resume; this one starts from the beginning");
    }
  }

  /** Whoever names a store goes on with what is not finished. */
  private boolean goesOn() {
    boolean named = job.engine().pieces().store().isPresent();
    return resume || (named && !Files.exists(folder.resolve(PAGE)));
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

  /** A network as it is studied; one that is trained here was trained. */
  private OpenNetwork opened(NetworkTask task) {
    if (task.training().isEmpty()) {
      return untrained(task);
    }
    // Read from the file, so that what is studied is what everybody else can open.
    Path weights = TrainingTask.weights(networkFolder(task));
    if (!Files.exists(weights)) {
      throw new InvalidInputException(
          ("%s is not there yet: networks are trained by the report itself, before others take"
                  + " pieces of its studies")
              .formatted(weights));
    }
    return OpenNetwork.of(Weights.of(weights), job.engine());
  }

  private ResultStore store() {
    Pieces pieces = job.engine().pieces();
    return ResultStore.open(
        pieces.store().orElseGet(() -> folder.resolve(STORE)),
        pieces.options().toArray(StoreOption[]::new));
  }

  /** Takes the work that is done together out of that of the parts; says how much it is. */
  private static double workTogether(List<NetworkTask> tasks, Map<String, Double> work) {
    double together = 0;
    for (NetworkTask task : tasks) {
      for (Part part : task.parts()) {
        if (!part.study().waits()) {
          together += Objects.requireNonNull(work.put(file(task, part), 0.0));
        }
      }
    }
    return together;
  }

  private void runTogether(
      List<NetworkTask> tasks,
      StudyExecutor executor,
      ResultStore store,
      double work,
      Meter meter) {
    stopIfInterrupted();
    meter.begin("studies of all networks", StudyTasks.class, work);
    try (Together together = together(tasks)) {
      executor.execute(together.studies, store, meter.ofPart());
    }
    meter.end();
  }

  /** Sets up the studies that wait for no other, on networks that stay open. */
  private Together together(List<NetworkTask> tasks) {
    Together together = new Together(new ArrayList<>(), new ArrayList<>());
    try {
      for (NetworkTask task : tasks) {
        OpenNetwork network = opened(task);
        together.networks.add(network);
        for (Part part : task.parts()) {
          if (!part.study().waits()) {
            together.studies.add(part.study().pieces(network, job.engine()));
          }
        }
      }
      return together;
    } catch (RuntimeException | Error e) {
      together.close();
      throw e;
    }
  }

  /** Studies in pieces, and the networks that they run on. */
  private record Together(List<OpenNetwork> networks, List<StudyTasks<?>> studies)
      implements AutoCloseable {
    @Override
    public void close() {
      networks.forEach(OpenNetwork::close);
    }
  }

  private List<Result> run(
      NetworkTask task,
      List<Result> results,
      Map<String, Double> work,
      Meter meter,
      ResultStore store) {
    if (task.source() instanceof GivenNetwork given) {
      given.history().ifPresent(results::add);
    }
    try (OpenNetwork network = opened(task)) {
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

  private Path networkFolder(NetworkTask task) {
    return folder.resolve(NETWORKS).resolve(task.name());
  }

  /** Trains the network of a task, if it is trained here and was not yet. */
  private void train(NetworkTask task, Map<String, TrainingHistory> trained, Meter meter) {
    if (task.training().isEmpty() || trained.containsKey(task.name())) {
      return;
    }
    TrainingTask training = task.training().get();
    stopIfInterrupted();
    meter.begin(task.name() + ": train", TrainingHistory.class, training.work());
    trained.put(
        task.name(), training.run(networkFolder(task), goesOn(), job.engine(), meter, listener));
    meter.end();
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
