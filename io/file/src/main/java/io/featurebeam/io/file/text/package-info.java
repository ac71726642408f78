/**
 * Text files as batches: CSV and JSON lines, compressed or not, over every Beam file system.
 *
 * <p>Start with {@link io.featurebeam.io.file.text.CsvBatchReader} or {@link
 * io.featurebeam.io.file.text.JsonLinesBatchReader}. The schema is declared (or inferred from a
 * sample by {@link io.featurebeam.io.file.text.CsvSchemas}), values are parsed from bytes straight
 * into columns, and a record that does not fit is handed to a {@link
 * io.featurebeam.io.file.text.Malformed} with its place, its bytes and the reason, while the rest
 * goes on. What is wrong with a whole file (no such column in the header, a broken gzip stream) is
 * an error. Memory is bounded by the batch and the longest record allowed.
 */
@NullMarked
package io.featurebeam.io.file.text;

import org.jspecify.annotations.NullMarked;
