package io.github.resnetensembles;

/**
 * One point of a curve of error rates.
 *
 * @param at where it stands: k, or the mean Kendall tau
 * @param draws how many rows it is the mean of
 * @param errorRate the mean error rate, with its interval
 */
public record CurvePoint(double at, int draws, Estimate errorRate) {}
