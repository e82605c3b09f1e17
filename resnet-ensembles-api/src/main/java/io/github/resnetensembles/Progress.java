package io.github.resnetensembles;

import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;

/**
 * How far long work is.
 *
 * @param task what is done, for people to read
 * @param done block evaluations done
 * @param total block evaluations in all, known before the run
 * @param images images from the first on whose work is done: what an interruption now would keep
 * @param totalImages images in all
 */
public record Progress(String task, long done, long total, int images, int totalImages) {
  /**
   * Checks the components.
   *
   * @param task what is done
   * @param done block evaluations done
   * @param total block evaluations in all
   * @param images images from the first on whose work is done
   * @param totalImages images in all
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Progress {
    Require.present("task", task);
    task = Names.oneLine(task, Names.MAX_KEPT);
    Require.atLeast(0, "total", total);
    Require.atLeast(0, "totalImages", totalImages);
    Require.between(0, total, "done", done);
    Require.between(0, totalImages, "images", images);
  }
}
