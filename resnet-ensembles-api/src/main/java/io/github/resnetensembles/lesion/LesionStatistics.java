package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.statistics.RankCorrelation;
import java.util.List;

/**
 * What the rows of a {@link LesionReport} say, and how sure it is. Immutable; every setting returns
 * changed statistics. Everything random comes from the seed: the same report, settings and seed
 * give the same numbers.
 *
 * <p>Intervals account for the choice of images and, where lesions were drawn, for the draws; never
 * for the training of the network, of which there is one.
 *
 * <p>What goes through rows or resamples throws {@link RunInterruptedException} where the thread
 * was interrupted. To summarise what an interrupted study left, take the flag away first: {@link
 * Thread#interrupted()}.
 *
 * <p>Implemented by this library alone.
 */
public interface LesionStatistics {
  /** The bootstrap's resamples unless told otherwise. */
  int DEFAULT_RESAMPLES = 2000;

  /**
   * Sets the confidence level; {@link Interval#DEFAULT_LEVEL} unless set.
   *
   * @param level in (0, 1)
   * @return the changed copy
   * @throws IllegalArgumentException if it is not
   */
  LesionStatistics withLevel(double level);

  /**
   * Sets the seed of the bootstrap; 0 unless set.
   *
   * @param seed any
   * @return the changed copy
   */
  LesionStatistics withSeed(long seed);

  /**
   * Sets the bootstrap's resamples; {@link #DEFAULT_RESAMPLES} unless set.
   *
   * @param resamples at least 100
   * @return the changed copy
   * @throws IllegalArgumentException if there are fewer
   */
  LesionStatistics withResamples(int resamples);

  /**
   * The same statistics of top-5 errors: an image is wrong where its class is not among the five
   * largest logits, and chance is 1 - 5/classes.
   *
   * @return the changed copy
   * @throws InvalidInputException if a row does not know them: {@link LesionRow#top5Wrong()}
   */
  LesionStatistics top5();

  /**
   * A row's error rate with its Wilson interval: {@link Estimate#errorRate}.
   *
   * @param row of this report, or its baseline
   * @return the error rate
   */
  Estimate errorRate(LesionRow row);

  /**
   * The mean error rate over the draws of each k, with intervals of a two-level bootstrap: images
   * and draws are resampled independently (Owen, "The pigeonhole bootstrap", 2007). Draws are
   * resampled one fewer than there are, so that their variance comes out right; the percentiles are
   * corrected for bias and skewness (Efron's BCa, 1987) and for the variance being estimated
   * (Hesterberg 2015), with the degrees of freedom of Welch and Satterthwaite. From 10 draws on,
   * intervals at 95 % cover 93 to 98 %; with 5 draws that differ much, 92 %.
   *
   * <p>The bootstrap is conservative by construction: what is neither of an image nor of a draw
   * counts three times in its variance instead of once. Where neither images nor draws differ among
   * themselves the interval is therefore up to 1.73 times as wide as needed; where some images are
   * harder than others or some draws worse, as in any trained network, it covers close to its
   * level.
   *
   * <p>Where a k has all lesions that there are, as plans list them where there are no more than
   * draws ({@link LesionPlan#deleteRandom}), their mean is exact for these images and nothing was
   * drawn that could have come out otherwise: the interval is over images alone, Wilson's with the
   * number of independent images that gives the variance of the images' means (Kish's effective
   * sample size); of a single lesion it is {@link #errorRate}'s. Elsewhere the intervals of fewer
   * than {@value CurvePoint#MIN_DISTINCT} different draws are not to be relied on: {@link
   * CurvePoint#interval} leaves them out.
   *
   * @return one point for each k, ascending
   * @throws InvalidInputException if no row was drawn, a k has fewer than 2 draws, of more lesions
   *     than that, or rows of several joined plans were drawn: take each {@link
   *     LesionReport#byPlan}
   */
  List<CurvePoint> curve();

  /**
   * The mean error rate over the rows of each bin of Kendall's tau; otherwise as {@link #curve()}.
   * A bin holds the rows whose tau is at least {@code i · width} and below {@code (i + 1) · width}.
   * Bins with fewer than 2 rows are left out, for there is no interval for them; so are rows that
   * leave every block in its place, which reorder nothing.
   *
   * @param width of a bin, in (0, 1]
   * @return one point for each bin, at the mean tau of its rows, ascending
   * @throws IllegalArgumentException if the width is out of range
   * @throws InvalidInputException if no row reorders blocks, or rows of several joined plans do
   */
  List<CurvePoint> curveByKendallTau(double width);

  /**
   * A row's mean of a {@linkplain Measures#metrics() metric}, with Student's interval over images.
   *
   * @param name of the metric
   * @param row of this report, or its baseline
   * @return the mean
   * @throws InvalidInputException if the metric was not measured
   */
  Estimate metric(String name, LesionRow row);

  /**
   * The mean of a metric over the draws of each k, with Student's interval from the variance over
   * draws and that over images, the degrees of freedom by Welch and Satterthwaite. Rows keep sums
   * and not the values of images; so what images have in common in different rows is not known, and
   * the variance over images is taken for as large as it can be, the mean of those of single rows.
   * Where images that are hard for one draw are hard for others too it is about that; else the
   * interval is wider than needed. A k that has all lesions that there are has an interval over
   * images alone, as in {@link #curve()}.
   *
   * @param name of the metric
   * @return one point for each k, ascending
   * @throws InvalidInputException as {@link #curve()} does, or if the metric was not measured
   */
  List<MetricPoint> metricCurve(String name);

  /**
   * The mean of a metric over the rows of each bin of Kendall's tau: bins as in {@link
   * #curveByKendallTau}, intervals as in {@link #metricCurve}.
   *
   * @param name of the metric
   * @param width of a bin, in (0, 1]
   * @return one point for each bin, at the mean tau of its rows, ascending
   * @throws IllegalArgumentException if the width is out of range
   * @throws InvalidInputException as {@link #curveByKendallTau} does, or if the metric was not
   *     measured
   */
  List<MetricPoint> metricCurveByKendallTau(String name, double width);

  /**
   * The exact McNemar test of each row against the baseline: were as many images lost as won? The
   * p-values are two-sided, adjusted for testing all rows by Holm 1979 and by Benjamini and
   * Hochberg 1995.
   *
   * @return one test for each row, in the report's order
   */
  List<PairedTest> pairedTests();

  /**
   * How the error rate goes with the damage: with Kendall's tau where rows reorder blocks,
   * otherwise with k where blocks were drawn, otherwise with the number of deleted blocks.
   *
   * @param kind which correlation
   * @return the correlation over the rows, with its interval
   * @throws InvalidInputException if there are fewer than 5 rows, one of the two is constant, or
   *     plans were joined
   */
  Estimate rankCorrelation(RankCorrelation kind);

  /**
   * How well "error against the number of remaining paths" explains the error rates of rows that
   * delete blocks.
   *
   * @return the fit
   * @throws InvalidInputException if a row does anything but delete blocks, there are fewer than 3
   *     rows, all delete equally many blocks or have the same error rate, or plans were joined
   */
  PathFit pathFit();

  /**
   * The mean correlation (phi) of the errors of two different lesioned networks, over all pairs of
   * rows; with an interval from resampling images. 1 says that all fail on the same images; 0, that
   * they fail independently. Rows that are wrong on every image or on none have no correlation and
   * are left out.
   *
   * @return the mean correlation, in [-1, 1]
   * @throws InvalidInputException if fewer than 2 rows are left, or plans were joined
   */
  Estimate errorCorrelation();

  /**
   * How much of the room between the intact network's error and that of chance, 1 - 1/classes, the
   * rows cost, as a median and a mean over all rows; with percentile intervals from resampling
   * images. Where hardly any image changes resamples do not vary, so that they are never narrower
   * than what follows from a single row: the median's than the interval of the row in the middle
   * (Agresti and Min 2005), which it then includes; the mean's than that one's width divided by the
   * number of rows. The rows are taken for all there are, not for a sample.
   *
   * @return the shares
   * @throws InvalidInputException if rows were drawn at random (see {@link #curve}), plans were
   *     joined, or the intact network is not better than chance
   */
  DamageShares damageShares();

  /**
   * The interaction of two blocks when both are deleted, for every row that deletes two whose
   * single deletions are rows too: error(i, j) - error(i) - error(j) + error(intact). Positive
   * where one stands in for the other. The intervals are Student's t over images.
   *
   * @return in the order of the rows; empty if there is no such row
   */
  List<BlockInteraction> interactions();

  /**
   * How well the number of remaining paths, 2^(n - deleted blocks), explains the error rates of
   * lesioned networks.
   *
   * @param rows how many lesioned networks there were
   * @param explained the share of the variance of their error rates that lies between different
   *     numbers of paths (the correlation ratio, eta squared), in [0, 1]: what any function of the
   *     number of paths can explain at most. Chance alone gives (groups - 1) / (rows - 1)
   * @param linear the share that a straight line over the logarithm of the number of paths explains
   *     (R squared), in [0, {@code explained}]
   * @param slope of that line: what halving the number of paths adds to the error rate
   */
  record PathFit(int rows, double explained, double linear, double slope) {
    /**
     * Checks the components.
     *
     * @param rows how many lesioned networks there were
     * @param explained the share of the variance of their error rates that lies between different
     *     numbers of paths
     * @param linear the share that a straight line over the logarithm of the number of paths
     *     explains
     * @param slope of that line
     * @throws IllegalArgumentException if a number is out of its range
     */
    public PathFit {
      Require.atLeast(1, "rows", rows);
      explained = Require.share("explained", explained);
      linear = Require.share("linear", linear);
      slope = Require.finite("slope", slope);
    }
  }

  /**
   * How much of what an intact network can lose its lesions cost: (error with the lesion - error
   * intact) / (error of chance - error intact). 0 is no damage, 1 is chance; shares can be
   * negative, and above 1. Unlike points of error, shares of networks with different errors
   * compare.
   *
   * @param median over the rows
   * @param mean over the rows
   */
  record DamageShares(Estimate median, Estimate mean) {
    /**
     * Checks that both are there.
     *
     * @param median over the rows
     * @param mean over the rows
     */
    public DamageShares {
      Require.present("median", median);
      Require.present("mean", mean);
    }
  }
}
