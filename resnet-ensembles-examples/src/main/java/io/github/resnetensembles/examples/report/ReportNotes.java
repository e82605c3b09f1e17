package io.github.resnetensembles.examples.report;

import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.report.ReportSection.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How to do each section again, and what was left out and why. */
final class ReportNotes {
  /** The sections on random blocks, of which a network may have too few. */
  private static final Set<Kind> DRAWN = EnumSet.of(Kind.DELETE_MANY, Kind.REORDER, Kind.DUPLICATE);

  private static final String EQUAL_WORK =
      "A network that trains a part of its blocks in each batch gets as many more epochs, so that"
          + " every branch is trained about as often.";

  /** What the paper leaves open. */
  private static final String EFFECTIVE_PATHS_HERE =
      "Transition blocks are kept in every batch and count, and at test time each branch is"
          + " multiplied by its probability to be kept; the paper says neither. ";

  private final ReportJob job;

  ReportNotes(ReportJob job) {
    this.job = job;
  }

  /** Adds command lines and sentences. */
  Report.Builder addTo(Report.Builder start, List<NetworkTask> tasks) {
    Report.Builder report = start;
    for (NetworkTask task : tasks) {
      for (Kind section : task.sections()) {
        if (task.training().isPresent()) {
          report = report.commands(section, training(task, task.training().get()));
        }
      }
      for (Part part : task.parts()) {
        String line =
            CommandText.line(
                List.of(part.command(), network(task), job.images().flags(), studyFlags()));
        for (Kind section : part.sections()) {
          report = report.commands(section, line);
        }
      }
    }
    NetworkTask subject = tasks.get(0);
    report =
        report.commands(Kind.PATHS, CommandText.line(List.of(List.of("paths"), network(subject))));
    for (Kind section : List.of(Kind.ENSEMBLE, Kind.CHECKS)) {
      report = report.commands(section, again(section, subject));
    }
    report =
        report.note(
            Kind.NETWORK,
            "The commands under each section give its numbers again; run them in the folder of this"
                + " page.");
    if (job.subject() instanceof Subject.Trained) {
      report = report.note(Kind.EFFECTIVE_PATHS, EFFECTIVE_PATHS_HERE + EQUAL_WORK);
      report = report.note(Kind.STOCHASTIC_DEPTH, EQUAL_WORK);
    }
    for (String sentence : leftOut(tasks)) {
      report = report.note(Kind.CHECKS, sentence);
    }
    return report;
  }

  /** Sentences on sections that were asked for and cannot be there. */
  List<String> leftOut(List<NetworkTask> tasks) {
    Set<Kind> leftOut = EnumSet.copyOf(DRAWN);
    leftOut.retainAll(job.sections());
    tasks.get(0).parts().forEach(part -> leftOut.removeAll(part.sections()));
    leftOut.addAll(job.leftOut());
    return leftOut.stream()
        .map(section -> "Section " + name(section) + " is left out: " + reason(section))
        .toList();
  }

  private String reason(Kind section) {
    if (DRAWN.contains(section)) {
      return "the network has too few blocks that keep the shape and are not excluded.";
    }
    if (section == Kind.RECALIBRATION && job.runsAsItIs()) {
      return "the network is of modules that are run as they are, whose statistics cannot be estimated"
          + " anew.";
    }
    return section == Kind.RECALIBRATION
        ? "there are no training images to estimate statistics from. Give --data a folder that holds"
            + " them."
        : "it compares networks that were trained in the same way, and this network came with its"
            + " weights. A report without --weights trains them.";
  }

  /** The name of a section on the command line. */
  static String name(Kind section) {
    return section.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String training(NetworkTask task, TrainingTask training) {
    return CommandText.line(
        List.of(
            training.command(), job.engine().flags(), List.of("--out", "again/" + task.name())));
  }

  private String again(Kind section, NetworkTask subject) {
    int images = Math.min(job.scale().testImages(), job.images().test().size());
    return CommandText.line(
        List.of(
            List.of("report", "--sections", name(section), "--limit", String.valueOf(images)),
            network(subject),
            job.images().flags(),
            studyFlags(),
            List.of("--out", "again")));
  }

  private List<String> network(NetworkTask task) {
    return task.source() instanceof GivenNetwork given
        ? given.flags()
        : List.of("--weights", "networks/" + task.name() + "/weights.safetensors");
  }

  private List<String> studyFlags() {
    List<String> flags = new ArrayList<>(job.engine().flags());
    if (job.engine().batchSize() != RunOptions.DEFAULT_BATCH_SIZE) {
      flags.addAll(List.of("--batch", String.valueOf(job.engine().batchSize())));
    }
    return flags;
  }
}
