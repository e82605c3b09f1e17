package io.github.resnetensembles;

import java.util.Optional;

/**
 * How much two blocks together differ from the sum of the two.
 *
 * @param first the lower block number
 * @param second the higher block number
 * @param value 0 if the two act independently of each other
 * @param interval over images; empty where there is none
 */
public record BlockInteraction(int first, int second, double value, Optional<Interval> interval) {}
