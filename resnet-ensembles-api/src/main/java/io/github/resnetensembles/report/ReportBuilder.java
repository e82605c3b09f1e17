package io.github.resnetensembles.report;

import com.google.common.collect.ImmutableListMultimap;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.report.Report.LabelledResult;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.training.TrainingSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Puts results under the labels of their networks, and has the sections written. */
final class ReportBuilder implements Report.Builder {
  private static final Interrupts INTERRUPTS = Interrupts.during("a report was put together");

  /**
   * A result that was added.
   *
   * @param label empty if it is to be found
   */
  record Entry(Optional<String> label, Result result) {}

  private final Optional<String> title;
  private final List<Entry> entries;
  private final ImmutableListMultimap<ReportSection.Kind, String> commands;
  private final ImmutableListMultimap<ReportSection.Kind, String> notes;

  private ReportBuilder(
      Optional<String> title,
      List<Entry> entries,
      ImmutableListMultimap<ReportSection.Kind, String> commands,
      ImmutableListMultimap<ReportSection.Kind, String> notes) {
    this.title = title;
    this.entries = entries;
    this.commands = commands;
    this.notes = notes;
  }

  static Report.Builder empty() {
    return new ReportBuilder(
        Optional.empty(), List.of(), ImmutableListMultimap.of(), ImmutableListMultimap.of());
  }

  @Override
  public Report.Builder title(String newTitle) {
    ReportText.checkTitle(newTitle);
    return new ReportBuilder(Optional.of(newTitle), entries, commands, notes);
  }

  @Override
  public Report.Builder add(Result... results) {
    return add(Optional.empty(), results);
  }

  @Override
  public Report.Builder add(String label, Result... results) {
    ReportText.checkNetwork(label);
    return add(Optional.of(label), results);
  }

  private Report.Builder add(Optional<String> label, Result... results) {
    List<Entry> more = new ArrayList<>(entries);
    Arrays.stream(results)
        .flatMap(ReportBuilder::single)
        .forEach(result -> more.add(new Entry(label, result)));
    return new ReportBuilder(title, List.copyOf(more), commands, notes);
  }

  /** Joined plans are several studies, each of which has its own section; a series, trainings. */
  private static Stream<Result> single(Result result) {
    if (result instanceof TrainingSeries series) {
      return series.trainings().stream().map(Result.class::cast);
    }
    return result instanceof LesionReport report
        ? report.byPlan().stream().map(Result.class::cast)
        : Stream.of(result);
  }

  @Override
  public Report.Builder commands(ReportSection.Kind kind, String... commandLines) {
    Text.checkWords(ReportText.name(kind), Arrays.asList(commandLines));
    return new ReportBuilder(
        title, entries, plus(commands, kind, Arrays.asList(commandLines)), notes);
  }

  @Override
  public Report.Builder note(ReportSection.Kind kind, String paragraph) {
    Text.checkWords(ReportText.name(kind), List.of(paragraph));
    return new ReportBuilder(title, entries, commands, plus(notes, kind, List.of(paragraph)));
  }

  private static ImmutableListMultimap<ReportSection.Kind, String> plus(
      ImmutableListMultimap<ReportSection.Kind, String> texts,
      ReportSection.Kind kind,
      List<String> more) {
    return ImmutableListMultimap.<ReportSection.Kind, String>builder()
        .putAll(texts)
        .putAll(kind, more)
        .build();
  }

  @Override
  public Report build() {
    requireResults(entries);
    Labels labels = Labels.of(entries);
    Map<String, List<Result>> byLabel = new LinkedHashMap<>();
    List<LabelledResult> results = new ArrayList<>();
    for (Entry entry : entries) {
      String label = labels.label(entry);
      ResultKind.check(label, entry.result());
      byLabel.computeIfAbsent(label, network -> new ArrayList<>()).add(entry.result());
      results.add(
          new LabelledResult(
              label,
              "result-" + (results.size() + 1) + "-" + ResultKind.fileName(entry.result()),
              entry.result()));
    }
    List<NetworkResults> all = new ArrayList<>();
    byLabel.forEach((label, own) -> all.add(new NetworkResults(label, List.copyOf(own))));
    all.forEach(ReportBuilder::requireDifferentStudies);
    Networks networks = new Networks(List.copyOf(all));
    List<ReportSection> sections = new ArrayList<>();
    for (ReportSection.Kind kind : ReportSection.Kind.values()) {
      INTERRUPTS.check();
      Draft draft = new Draft();
      write(kind, networks, draft);
      if (!draft.isEmpty()) {
        sections.add(draft.section(kind, title(kind), notes.get(kind), commands.get(kind)));
      }
    }
    return new Report(
        title.orElse("Residual networks taken apart: " + networks.main().label()),
        Claims.of(networks),
        DeleteOneSection.headline(networks),
        sections,
        results);
  }

  static void requireResults(List<Entry> entries) {
    if (entries.isEmpty()) {
      throw new InvalidInputException(
          "a report needs at least one result, got none; add a lesion report, say");
    }
  }

  /** Two curves of one name could not be told apart. */
  private static void requireDifferentStudies(NetworkResults network) {
    Set<String> seen = new HashSet<>();
    for (LesionReport report : network.all(LesionReport.class)) {
      if (!seen.add(Study.of(report) + " " + report.excluded())) {
        throw new InvalidInputException(
            ("two lesion reports of %s are of the same study, %s; merge them with"
                    + " LesionReport.merge, or give their networks labels of their own")
                .formatted(network.label(), Study.of(report).fileName));
      }
    }
  }

  @Override
  public List<Figure> figures() {
    return ResultFigures.of(entries);
  }

  static void write(ReportSection.Kind kind, Networks networks, Draft draft) {
    switch (kind) {
      case NETWORK -> NetworkSection.write(networks, draft);
      case PATHS -> PathsSection.write(networks, draft);
      case DELETE_ONE -> DeleteOneSection.write(networks, draft);
      case DELETE_MANY -> DeleteManySection.write(networks, draft);
      case REORDER -> ReorderSection.write(networks, draft);
      case DUPLICATE -> DuplicateSection.write(networks, draft);
      case GRADIENTS -> GradientsSection.write(networks, draft);
      case EFFECTIVE_PATHS -> EffectivePathsSection.write(networks, draft);
      case STOCHASTIC_DEPTH -> StochasticDepthSection.write(networks, draft);
      case BLOCK_VALUES -> BlockValuesSection.write(networks, draft);
      case ENSEMBLE -> EnsembleSection.write(networks, draft);
      case RECALIBRATION -> RecalibrationSection.write(networks, draft);
      case CHECKS -> ChecksSection.write(networks, draft);
    }
  }

  private static String title(ReportSection.Kind kind) {
    return switch (kind) {
      case NETWORK -> "The network";
      case PATHS -> "The unravelled view";
      case DELETE_ONE -> "Deleting one block";
      case DELETE_MANY -> "Deleting many blocks";
      case REORDER -> "Reordering blocks";
      case DUPLICATE -> "Duplicating blocks";
      case GRADIENTS -> "The gradient by path length";
      case EFFECTIVE_PATHS -> "Training with the effective paths only";
      case STOCHASTIC_DEPTH -> "Stochastic depth and resilience";
      case BLOCK_VALUES -> "What each block contributes";
      case ENSEMBLE -> "Does it behave like an ensemble?";
      case RECALIBRATION -> "BatchNorm statistics after a lesion";
      case CHECKS -> "What was checked, and what was not";
    };
  }
}
