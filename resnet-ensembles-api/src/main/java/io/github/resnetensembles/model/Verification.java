package io.github.resnetensembles.model;

import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import java.util.List;
import java.util.OptionalInt;

/**
 * What {@link ResidualModel#verify} found.
 *
 * @param checks every check that was made, in order
 * @param parity the comparison with logits from elsewhere; {@link Parity#none()} without any
 * @param provenance the network; its data are the images that the checks were made with
 */
@JsonForm(schema = 1, kind = "verification", fields = "passed checks parity provenance")
public record Verification(List<Check> checks, Parity parity, Provenance provenance)
    implements Result {
  /**
   * One check.
   *
   * @param name what is checked
   * @param block the block it is about; empty if it is about the whole network
   * @param deviation the largest deviation found, relative to the largest value compared where that
   *     is above 1 and the limit is not 0; NaN if it is not finite
   * @param limit what is allowed
   */
  @JsonForm(fields = "name block deviation limit passed")
  public record Check(String name, OptionalInt block, double deviation, double limit) {
    /** What the names of comparisons with recorded outputs end with. */
    static final String RECORDED = " as recorded";

    /**
     * Checks the components.
     *
     * @param name what is checked
     * @param block the block it is about
     * @param deviation the largest deviation found
     * @param limit what is allowed
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Check {
      Require.present("name", name);
      name = Names.oneLine(name, Names.MAX_KEPT);
      Require.present("block", block);
      deviation = measured("deviation", deviation);
      limit = Require.finiteAtLeastZero("limit", limit);
    }

    /** {@return whether an output of the network is compared with a recorded one} */
    public boolean comparesRecorded() {
      return name.endsWith(RECORDED);
    }

    /** {@return whether the deviation is a number within the limit: a check fails closed} */
    public boolean passed() {
      return deviation <= limit;
    }
  }

  /**
   * How far logits are from those of another implementation.
   *
   * @param compared how many logits were compared; 0 if none were given
   * @param largest the largest absolute deviation
   * @param mean the mean absolute deviation
   * @param firstDeviation of recorded outputs: the first y_i (0 is the stem's) that deviates by
   *     more than the limit. Of logits alone, if they deviate: the first output y_i that deviates
   *     by more than the limit from that of the double-precision reference backend on the same
   *     weights. Empty if none does, which means that description or weights differ from the other
   *     implementation's and not the arithmetic; empty too if the logits agree or the network is
   *     opaque
   */
  public record Parity(int compared, double largest, double mean, OptionalInt firstDeviation) {
    /**
     * Checks the components.
     *
     * @param compared how many logits were compared
     * @param largest the largest absolute deviation
     * @param mean the mean absolute deviation
     * @param firstDeviation if the logits deviate
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Parity {
      Require.present("firstDeviation", firstDeviation);
      Require.atLeast(0, "compared", compared);
      largest = measured("largest", largest);
      mean = measured("mean", mean);
    }

    /** {@return no comparison} */
    public static Parity none() {
      return new Parity(0, 0, 0, OptionalInt.empty());
    }
  }

  /**
   * Copies the list.
   *
   * @param checks every check that was made
   * @param parity the comparison with logits from elsewhere
   * @param provenance the network and the images
   */
  public Verification {
    checks = List.copyOf(checks);
    Require.present("parity", parity);
    Require.present("provenance", provenance);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param json the text
   * @return an equal verification
   * @throws InvalidJsonException if the text is no verification, or of an unknown schema
   */
  public static Verification fromJson(String json) {
    return JsonNode.parse(json, "the verification").as(Verification.class);
  }

  /** {@return whether every check passed, and there was at least one} */
  public boolean passed() {
    return !checks.isEmpty() && checks.stream().allMatch(Check::passed);
  }

  /** {@return the checks that failed} */
  public List<Check> failures() {
    return checks.stream().filter(check -> !check.passed()).toList();
  }

  /** Infinite deviations and those of no number are one, as they are in JSON. */
  private static double measured(String what, double deviation) {
    double size = Require.notNegative(what, deviation);
    return Double.isFinite(size) ? size : Double.NaN;
  }
}
