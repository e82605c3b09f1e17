package io.github.resnetensembles;

/**
 * How far long work is.
 *
 * @param task what is done, for people to read
 * @param done block evaluations done
 * @param total block evaluations in all, known before the run
 * @param images images from the first on whose work is done: what an interruption now would keep
 * @param totalImages images in all
 */
public record Progress(String task, long done, long total, int images, int totalImages) {}
