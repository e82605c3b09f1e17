package io.github.resnetensembles;

/**
 * How fast the gradient decays with the length of a path: the least-squares line through the
 * logarithms of the norm of a single path, by length. A norm that is 0 or not finite is left out.
 *
 * @param slope of the natural logarithm, for each further block
 * @param r2 the coefficient of determination R², in [0, 1]; NaN if all norms are equal
 * @param lengths how many lengths the line goes through, at least 2
 */
public record GradientDecay(double slope, double r2, int lengths) {}
