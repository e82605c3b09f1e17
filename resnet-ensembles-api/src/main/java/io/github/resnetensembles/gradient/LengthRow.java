package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import io.github.resnetensembles.statistics.Interval;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalDouble;

/** What was measured of one length. */
@JsonForm(
    fields =
        "length paths pathSumNorm? share? meanPathNorm? rmsPathNorm? cancellation?"
            + " imageNorm? weight *interval")
record LengthRow(
    int length,
    BigInteger paths,
    OptionalDouble pathSumNorm,
    OptionalDouble share,
    OptionalDouble meanPathNorm,
    OptionalDouble rmsPathNorm,
    OptionalDouble cancellation,
    OptionalDouble imageNorm,
    double weight,
    Optional<Interval> interval)
    implements LengthGradient {
  LengthRow {
    Require.present("paths", paths);
    Require.present("share", share);
    Require.present("interval", interval);
    Require.atLeast(0, "length", length);
    Require.atLeast(0, "the sign of paths", paths.signum());
    pathSumNorm = Require.notNegative("pathSumNorm", pathSumNorm);
    meanPathNorm = Require.notNegative("meanPathNorm", meanPathNorm);
    rmsPathNorm = Require.notNegative("rmsPathNorm", rmsPathNorm);
    cancellation = Require.notNegative("cancellation", cancellation);
    imageNorm = Require.notNegative("imageNorm", imageNorm);
    weight = Require.notNegative("weight", weight);
    share = Numbers.unsignedZero(share);
  }
}
