/**
 * Parquet files read straight into {@link io.featurebeam.columnar.RecordBatch}: pages are
 * decompressed into buffers that are used again, and decoded in bulk into the primitive arrays of
 * the columns, with no object per value or per record.
 *
 * <p>Start with {@link io.featurebeam.io.file.parquet.ParquetSplits}: it finds the files, checks
 * that their schemas agree and cuts them into {@link io.featurebeam.io.file.parquet.ParquetSplit}s
 * of whole row groups, when the pipeline is built. On a worker {@link
 * io.featurebeam.io.file.parquet.ParquetBatchReader} reads one split. How a Parquet type becomes a
 * column type is in {@link io.featurebeam.io.file.parquet.ParquetSchemas}.
 *
 * <p>Footers, page headers and statistics are parsed by parquet-java; files are opened through
 * Beam's file systems, so there is no Hadoop file system and no Hadoop configuration here.
 */
@NullMarked
package io.featurebeam.io.file.parquet;

import org.jspecify.annotations.NullMarked;
