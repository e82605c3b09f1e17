package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.io.MappedBy;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a network, perhaps lesioned, did on some images.
 *
 * @param row the counts, with the lesion
 * @param provenance where the result comes from
 */
@MappedBy(LesionReportJson.OfEvaluation.class)
@JsonForm(schema = 1, kind = "evaluation", fields = "*row provenance")
public record Evaluation(LesionRow row, Provenance provenance) implements Result {
  /**
   * Checks the components.
   *
   * @param row the counts
   * @param provenance where the result comes from
   */
  public Evaluation {
    Require.present("row", row);
    Require.present("provenance", provenance);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal evaluation
   * @throws InvalidJsonException if the text is no evaluation, or of an unknown schema
   */
  public static Evaluation fromJson(String json) {
    return JsonNode.parse(json, "the evaluation").as(Evaluation.class);
  }

  /** {@return the wrong predictions} */
  public int wrong() {
    return row.wrong();
  }

  /**
   * {@return how many images did not have their class among the five largest logits; empty with
   * fewer than {@value Tally#TOP5_CLASSES} classes, and in results of older versions}
   */
  public OptionalInt top5Wrong() {
    return row.top5Wrong();
  }

  /** {@return the number of images that were evaluated} */
  public int total() {
    return row.total();
  }

  /** {@return how many more were skipped, because they are damaged} */
  public int skipped() {
    return row.skipped();
  }

  /** {@return wrong / total, in [0, 1]} */
  public double errorRate() {
    return row.errorRate();
  }

  /** {@return the mean cross-entropy in nats; empty if one image's was not finite} */
  public OptionalDouble loss() {
    return row.loss();
  }
}
