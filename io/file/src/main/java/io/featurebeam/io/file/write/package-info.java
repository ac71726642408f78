/**
 * Batches into files: Parquet, JSON lines, CSV, TFRecord and NumPy, partitioned and sized.
 *
 * <p>Start with {@link io.featurebeam.io.file.write.WriteBatches}, the transform that writes a
 * collection of batches and publishes all its files at once. Its parts: a {@link
 * io.featurebeam.io.file.write.FileFormat} says what one file looks like and opens a {@link
 * io.featurebeam.io.file.write.BatchFileWriter} on a channel; {@link
 * io.featurebeam.io.file.publish.PartitionBy} says in which directory a record belongs. {@link
 * io.featurebeam.io.file.write.ParquetBatchWriter} alone writes a file without a pipeline. {@link
 * io.featurebeam.io.file.write.WriteFlow} writes records and rejects in one step and leaves
 * publishing to the caller.
 *
 * <p>This package knows how to write files that nobody sees yet; making them visible is the matter
 * of {@code io.featurebeam.io.file.publish}.
 */
@NullMarked
package io.featurebeam.io.file.write;

import org.jspecify.annotations.NullMarked;
