package io.github.resnetensembles.internal.figure;

import com.google.common.collect.ImmutableListMultimap;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Report;
import io.github.resnetensembles.Report.LabelledResult;
import io.github.resnetensembles.ReportSection;
import io.github.resnetensembles.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Puts results under the labels of their networks, and has the sections written. */
public final class ReportBuilder implements Report.Builder {
  private record Entry(Optional<String> label, Result result) {}

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

  public static Report.Builder empty() {
    return new ReportBuilder(
        Optional.empty(), List.of(), ImmutableListMultimap.of(), ImmutableListMultimap.of());
  }

  @Override
  public Report.Builder title(String newTitle) {
    return new ReportBuilder(Optional.of(newTitle), entries, commands, notes);
  }

  @Override
  public Report.Builder add(Result... results) {
    return add(Optional.empty(), results);
  }

  @Override
  public Report.Builder add(String label, Result... results) {
    return add(Optional.of(label), results);
  }

  private Report.Builder add(Optional<String> label, Result... results) {
    List<Entry> more = new ArrayList<>(entries);
    Arrays.stream(results).forEach(result -> more.add(new Entry(label, result)));
    return new ReportBuilder(title, List.copyOf(more), commands, notes);
  }

  @Override
  public Report.Builder commands(ReportSection.Kind kind, String... commandLines) {
    return new ReportBuilder(
        title, entries, plus(commands, kind, Arrays.asList(commandLines)), notes);
  }

  @Override
  public Report.Builder note(ReportSection.Kind kind, String paragraph) {
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
    if (entries.isEmpty()) {
      throw new InvalidInputException(
          "a report needs at least one result, got none; add a lesion report, say");
    }
    List<LabelledResult> results = new ArrayList<>();
    for (Entry entry : entries) {
      results.add(
          new LabelledResult(
              entry.label().orElse("network"), "result-" + (results.size() + 1), entry.result()));
    }
    Draft draft = new Draft();
    draft.say(results.size() + " results.");
    return new Report(
        title.orElse("Residual networks taken apart: " + results.get(0).label()),
        List.of(
            draft.section(
                ReportSection.Kind.NETWORK,
                "The network",
                notes.get(ReportSection.Kind.NETWORK),
                commands.get(ReportSection.Kind.NETWORK))),
        results);
  }
}
