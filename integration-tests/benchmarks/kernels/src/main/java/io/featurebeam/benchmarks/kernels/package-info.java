/**
 * Nanoseconds per value of the kernels, by JMH. {@link
 * io.featurebeam.benchmarks.kernels.KernelBenchmarks} is the program.
 *
 * <p>Every benchmark works on one {@link io.featurebeam.benchmarks.kernels.CardBatches batch} of
 * the size that readers aim at, which lies in the cache as it does in a pipeline, where a batch
 * goes through all steps before the next is read. {@link
 * io.featurebeam.benchmarks.kernels.MemoryBound} is what the machine can do with as many values: no
 * kernel can be faster than reading them.
 */
@NullMarked
package io.featurebeam.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
