/**
 * Studies on Apache Spark: {@link io.github.resnetensembles.examples.spark.SparkStudies} runs their
 * tasks on a cluster's executors.
 */
@NullMarked
@CheckReturnValue
package io.github.resnetensembles.examples.spark;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
