/**
 * The job jars that this build made, and clusters of several processes, started from Maven
 * artifacts, that take them: for tests and for benchmarks.
 *
 * <p>Start reading at {@link io.featurebeam.clusters.FlinkCluster} and {@link
 * io.featurebeam.clusters.SparkCluster}, {@link io.featurebeam.clusters.KafkaBroker} is beside
 * them; {@link io.featurebeam.clusters.Program} is a Java program in a process of its own, which is
 * what all of them consist of.
 */
@NullMarked
package io.featurebeam.clusters;

import org.jspecify.annotations.NullMarked;
