package io.github.resnetensembles.gradient;

import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.JsonForm;
import java.util.List;
import java.util.OptionalDouble;

/** What was measured on one batch. */
@JsonForm(
    fields =
        "firstRecord images loss fullNorm residual? reaching sums samples signSums pathNorm?"
            + " parameters")
record MeasuredBatch(
    int firstRecord,
    int images,
    double loss,
    double fullNorm,
    OptionalDouble residual,
    List<Double> reaching,
    List<PathSum> sums,
    List<PathSample> samples,
    List<SignSum> signSums,
    OptionalDouble pathNorm,
    List<ParameterGradients> parameters)
    implements BatchGradients {
  MeasuredBatch {
    reaching = Numbers.unsignedZeros(reaching);
    sums = List.copyOf(sums);
    samples = List.copyOf(samples);
    signSums = List.copyOf(signSums);
    parameters = List.copyOf(parameters);
    Require.present("residual", residual);
    Require.present("pathNorm", pathNorm);
    Require.atLeast(0, "firstRecord", firstRecord);
    Require.atLeast(1, "images", images);
    Require.notNegative("loss", loss);
    Require.notNegative("fullNorm", fullNorm);
    residual.ifPresent(value -> Require.notNegative("residual", value));
    pathNorm.ifPresent(value -> Require.notNegative("pathNorm", value));
    loss = Numbers.unsignedZero(loss);
    fullNorm = Numbers.unsignedZero(fullNorm);
    residual = Numbers.unsignedZero(residual);
    pathNorm = Numbers.unsignedZero(pathNorm);
    reaching.forEach(value -> Require.notNegative("reaching", value));
    GradientSummaries.checkLengths("sums", sums, PathSum::length);
    GradientSummaries.checkLengths("samples", samples, PathSample::length);
    GradientSummaries.checkLengths("signSums", signSums, SignSum::length);
  }
}
