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
  /** A batch of which nothing else is measured. */
  MeasuredBatch(int firstRecord, int images, double loss, double fullNorm) {
    this(
        firstRecord,
        images,
        loss,
        fullNorm,
        OptionalDouble.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        OptionalDouble.empty(),
        List.of());
  }

  MeasuredBatch {
    reaching = Numbers.unsignedZeros(reaching);
    sums = List.copyOf(sums);
    samples = List.copyOf(samples);
    signSums = List.copyOf(signSums);
    parameters = List.copyOf(parameters);
    Require.atLeast(0, "firstRecord", firstRecord);
    Require.atLeast(1, "images", images);
    loss = Require.notNegative("loss", loss);
    fullNorm = Require.notNegative("fullNorm", fullNorm);
    residual = Require.notNegative("residual", residual);
    pathNorm = Require.notNegative("pathNorm", pathNorm);
    reaching.forEach(value -> Require.notNegative("reaching", value));
    GradientSummaries.checkLengths("sums", sums, PathSum::length);
    GradientSummaries.checkLengths("samples", samples, PathSample::length);
    GradientSummaries.checkLengths("signSums", signSums, SignSum::length);
  }
}
