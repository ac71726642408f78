/**
 * Measures FeatureBeam against peers that do the same work. {@link
 * io.featurebeam.benchmarks.Benchmark} is the program; {@code docs/benchmarks.md} says how to run
 * it.
 *
 * <p>A {@link io.featurebeam.benchmarks.Contender} is a program with a JVM and a class path of its
 * own, made by a module beside this one. {@link io.featurebeam.benchmarks.CardBatch} is the
 * workload {@code card-batch}: it has {@link io.featurebeam.benchmarks.CardTransactions} written,
 * lets all contenders work on them once, has {@link io.featurebeam.benchmarks.PeerCheck} compare
 * what they wrote, and only then measures. What it found leaves as {@link
 * io.featurebeam.benchmarks.Results}: one line of JSON for each comparison.
 *
 * <p>{@link io.featurebeam.benchmarks.Packaged} is the workload {@code packaged}: the same job from
 * the job jars, on clusters that {@link io.featurebeam.clusters} starts.
 *
 * <p>{@link io.featurebeam.benchmarks.Arguments}, {@link io.featurebeam.benchmarks.Progress} and
 * {@link io.featurebeam.benchmarks.Outputs} are what contenders use of this package. They need
 * nothing but the JDK, so they are on every contender's class path without its dependencies.
 */
@NullMarked
package io.featurebeam.benchmarks;

import org.jspecify.annotations.NullMarked;
