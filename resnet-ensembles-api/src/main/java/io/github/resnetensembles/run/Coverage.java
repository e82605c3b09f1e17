package io.github.resnetensembles.run;

import com.google.common.collect.RangeSet;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;

/**
 * What was measured of a study.
 *
 * @param baseline the records of the intact network
 * @param groups rows that were measured on the same records; no row is in two groups
 */
record Coverage(RangeSet<Integer> baseline, List<Group> groups) {
  /**
   * Rows that were measured on the same records.
   *
   * @param rows their numbers in the plan, from 1, ascending
   * @param records ranges that begin with their first record and end before the one after the last
   */
  record Group(ImmutableIntArray rows, RangeSet<Integer> records) {}

  /** Whether all that is there was measured on all these records. */
  boolean isAll(RangeSet<Integer> asked) {
    return baseline.enclosesAll(asked)
        && groups.stream().allMatch(group -> group.records().enclosesAll(asked));
  }
}
