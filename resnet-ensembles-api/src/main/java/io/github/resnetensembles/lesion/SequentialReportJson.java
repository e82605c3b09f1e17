package io.github.resnetensembles.lesion;

import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.RecordMapping;
import io.github.resnetensembles.lesion.SequentialReport.Design;
import io.github.resnetensembles.lesion.SequentialReport.End;
import io.github.resnetensembles.lesion.SequentialReport.Round;

/** Reads sequential reports, which have the fields of a report. Points are there for readers. */
final class SequentialReportJson extends RecordMapping<SequentialReport> {
  SequentialReportJson() {
    super(SequentialReport.class);
  }

  @Override
  protected SequentialReport readFields(JsonNode node) {
    return node.build(
        () ->
            new SequentialReport(
                node.get("design").as(Design.class),
                node.get("rounds").list(round -> round.as(Round.class)),
                node.find("end").map(end -> end.as(End.class)),
                new LesionReportJson().readFields(node)));
  }
}
