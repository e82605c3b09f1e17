package io.github.resnetensembles.lesion;

import com.google.common.annotations.Beta;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is measured of every image beside whether it was classified correctly, and its loss.
 *
 * <p>Beta: measures that nobody asked for yet may need other settings.
 *
 * @param metrics by name; of each, every row has the mean
 * @param imageValues whether the rows keep loss and margin of each image: 16 bytes for each image
 *     and row
 */
@Beta
public record Measures(Map<String, Metric> metrics, boolean imageValues) {
  private static final Measures NONE = new Measures(Map.of(), false);

  /**
   * Copies the map.
   *
   * @param metrics by name
   * @param imageValues whether the rows keep loss and margin of each image
   * @throws IllegalArgumentException if a name is not 1 to 64 letters, digits, dots, hyphens and
   *     underscores
   */
  public Measures {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    metrics.forEach(
        (name, metric) -> {
          MetricSums.checkName(name);
          Require.present("the metric " + name, metric);
        });
  }

  /**
   * A number that tells something of one image: a function of its logits and its label. It must
   * give the same number for the same arguments, and is called by several threads at once.
   */
  @FunctionalInterface
  public interface Metric {
    /**
     * {@return the number, finite and at most 2^100 in absolute value; a run is stopped by an
     * {@link InvalidInputException} that names the record where it is not}
     *
     * @param logits one for each class; those of a damaged network may be infinite or NaN. A copy
     * @param label the image's class, from 0
     */
    double of(double[] logits, int label);
  }

  /** {@return no metrics, and no values of single images} */
  public static Measures none() {
    return NONE;
  }

  /**
   * Adds a metric.
   *
   * @param name by which results have it; another function is another name, which nobody can check
   * @param metric the function
   * @return the changed copy
   * @throws InvalidInputException if there is one of this name, or it is not 1 to 64 letters,
   *     digits, dots, hyphens and underscores
   */
  public Measures withMetric(String name, Metric metric) {
    Map<String, Metric> more = new LinkedHashMap<>(metrics);
    if (more.put(name, metric) != null) {
      throw new InvalidInputException(
          "there are two metrics '%s'; give each a name of its own".formatted(name));
    }
    return new Measures(more, imageValues);
  }

  /**
   * Sets whether the rows keep loss and margin of each image.
   *
   * @param keep whether they do
   * @return the changed copy
   */
  public Measures withImageValues(boolean keep) {
    return new Measures(metrics, keep);
  }
}
