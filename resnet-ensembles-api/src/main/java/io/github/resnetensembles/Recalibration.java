package io.github.resnetensembles;

import java.util.List;

/**
 * Lesions with BatchNorm's running statistics as they were trained, beside the same lesions with
 * statistics estimated anew in the lesioned network: how much of the damage is a shift of the
 * statistics that the blocks behind the lesion see?
 *
 * <p>The new statistics are those that PyTorch's {@code momentum=None} gives: for every BatchNorm
 * the average, over the batches of the calibration images, of the batch's mean and of its unbiased
 * variance, each batch weighing the same. The lesioned network runs forward with the statistics of
 * the batch meanwhile (train mode), in its own wiring. No parameter is changed.
 *
 * @param report the lesions with the trained statistics; its rows and baseline are those of an
 *     ordinary study
 * @param recalibrated one row for each of the report's, in its order, with the statistics estimated
 *     anew
 * @param recalibratedBaseline the studied network without further damage, with statistics estimated
 *     anew: what estimating alone does
 * @param calibration which images the statistics come from
 * @param calibrationSha256 the hash of their data
 * @param batchSize of the calibration
 */
public record Recalibration(
    LesionReport report,
    List<LesionRow> recalibrated,
    LesionRow recalibratedBaseline,
    String calibration,
    String calibrationSha256,
    int batchSize)
    implements Result {
  /**
   * Checks that the rows belong together.
   *
   * @param report the lesions with the trained statistics
   * @param recalibrated one row for each of the report's
   * @param recalibratedBaseline the network without further damage
   * @param calibration which images the statistics come from
   * @param calibrationSha256 the hash of their data
   * @param batchSize of the calibration
   */
  public Recalibration {
    recalibrated = List.copyOf(recalibrated);
  }

  @Override
  public String toJson() {
    throw new UnsupportedOperationException("not written yet");
  }
}
