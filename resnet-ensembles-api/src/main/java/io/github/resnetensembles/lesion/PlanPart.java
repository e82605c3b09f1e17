package io.github.resnetensembles.lesion;

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.DiscreteDomain;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which rows of which plan: those of a piece of the plan, or those that a report has.
 *
 * @param sha256 the {@linkplain LesionPlan#sha256() hash} of the whole plan
 * @param size how many rows the whole plan has
 * @param rows their numbers in the whole plan, from 1: ranges that do not touch, in order
 * @param shard which share of the plan they are by intention, such as 1/2; empty for the whole plan
 *     and for pieces that are only to be merged
 */
@JsonForm(fields = "sha256 size rows shard?")
public record PlanPart(String sha256, int size, List<RecordRange> rows, Optional<String> shard) {
  /**
   * Copies the list.
   *
   * @param sha256 the hash of the whole plan
   * @param size how many rows the whole plan has
   * @param rows their numbers in the whole plan
   * @param shard which share of the plan they are
   * @throws IllegalArgumentException if the hash is none, or numbers are not from 1 to the size, in
   *     ranges that do not touch and are in order
   */
  public PlanPart {
    rows = List.copyOf(rows);
    Require.sha256("sha256", sha256);
    Require.atLeast(0, "size", size);
    Require.present("shard", shard);
    int end = 0;
    for (RecordRange range : rows) {
      if (range.from() <= end || range.end() > size + 1) {
        throw new InvalidInputException(
            "rows of a plan of %s are ranges of 1 to %s that do not touch, got %s"
                .formatted(size, size, rows));
      }
      end = range.end();
    }
  }

  /** Some rows of a plan. */
  static PlanPart of(String sha256, int size, Collection<Integer> numbers) {
    RangeSet<Integer> ranges =
        ImmutableRangeSet.unionOf(
            numbers.stream().map(number -> Range.closedOpen(number, number + 1)).toList());
    return new PlanPart(sha256, size, ranges(ranges), Optional.empty());
  }

  /** All rows of a plan. */
  static PlanPart whole(String sha256, int size) {
    return new PlanPart(
        sha256,
        size,
        size == 0 ? List.of() : List.of(new RecordRange(1, size + 1)),
        Optional.empty());
  }

  /** The union of parts of one plan, which is no shard even if they are all the same one. */
  static PlanPart union(Collection<PlanPart> parts) {
    PlanPart first = parts.iterator().next();
    return of(
        first.sha256(),
        first.size(),
        parts.stream().flatMap(part -> part.numbers().stream()).collect(Collectors.toSet()));
  }

  private static List<RecordRange> ranges(RangeSet<Integer> ranges) {
    return ranges.asRanges().stream()
        .map(range -> new RecordRange(range.lowerEndpoint(), range.upperEndpoint()))
        .toList();
  }

  PlanPart asShard(int i, int n) {
    return new PlanPart(sha256, size, rows, Optional.of(i + "/" + n));
  }

  /** {@return how many rows these are} */
  public int count() {
    return rows.stream().mapToInt(range -> range.end() - range.from()).sum();
  }

  /** {@return their numbers, ascending} */
  public List<Integer> numbers() {
    return rows.stream()
        .flatMap(
            range ->
                ContiguousSet.create(
                    Range.closedOpen(range.from(), range.end()), DiscreteDomain.integers())
                    .stream())
        .toList();
  }

  /** {@return whether these are all rows of the plan} */
  public boolean isWhole() {
    return count() == size;
  }

  /** {@return the rows of the plan that these are not, as ranges of numbers from 1} */
  public List<RecordRange> missing() {
    ImmutableRangeSet<Integer> here =
        ImmutableRangeSet.copyOf(
            rows.stream().map(range -> Range.closedOpen(range.from(), range.end())).toList());
    return ranges(here.complement().subRangeSet(Range.closedOpen(1, size + 1)));
  }
}
