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
    Require.present("pathSumNorm", pathSumNorm);
    Require.present("share", share);
    Require.present("meanPathNorm", meanPathNorm);
    Require.present("rmsPathNorm", rmsPathNorm);
    Require.present("cancellation", cancellation);
    Require.present("imageNorm", imageNorm);
    Require.present("interval", interval);
    Require.atLeast(0, "length", length);
    Require.atLeast(0, "the sign of paths", paths.signum());
    pathSumNorm.ifPresent(value -> Require.notNegative("pathSumNorm", value));
    meanPathNorm.ifPresent(value -> Require.notNegative("meanPathNorm", value));
    rmsPathNorm.ifPresent(value -> Require.notNegative("rmsPathNorm", value));
    cancellation.ifPresent(value -> Require.notNegative("cancellation", value));
    imageNorm.ifPresent(value -> Require.notNegative("imageNorm", value));
    Require.notNegative("weight", weight);
    pathSumNorm = Numbers.unsignedZero(pathSumNorm);
    share = Numbers.unsignedZero(share);
    meanPathNorm = Numbers.unsignedZero(meanPathNorm);
    rmsPathNorm = Numbers.unsignedZero(rmsPathNorm);
    cancellation = Numbers.unsignedZero(cancellation);
    imageNorm = Numbers.unsignedZero(imageNorm);
    weight = Numbers.unsignedZero(weight);
  }
}
