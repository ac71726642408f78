/**
 * Making written files visible all at once: a reader sees the old output or the new one, whole.
 *
 * <p>An output folder looks like this:
 *
 * <pre>
 * OUT/date_day=2001-01-31/RUN-00000.parquet   the data, where any reader of Hive-style folders finds it
 * OUT/_featurebeam/manifest.json              what the output is: files, schema, partitions, run
 * OUT/_featurebeam/claim.json                 while a run is writing: which one
 * OUT/_featurebeam/tmp/RUN/                   while a run is writing: files that nobody sees yet
 * OUT/_featurebeam/publish.json               while files are being moved: what is to be done
 * </pre>
 *
 * <p>Readers that want the whole truth read {@link io.featurebeam.io.file.publish.Manifest}. A
 * reader that lists the folder instead sees old and new files side by side for the moments in which
 * {@link io.featurebeam.io.file.publish.Publisher} works, or after a crash in these moments until
 * the next run or {@link io.featurebeam.io.file.publish.Publisher#recover}.
 *
 * <p>Start with {@link io.featurebeam.io.file.publish.Publisher}, which explains the protocol.
 * {@link io.featurebeam.io.file.publish.PartitionBy} says what the folders between mean. This
 * package knows nothing of what is in the files.
 */
@NullMarked
package io.featurebeam.io.file.publish;

import org.jspecify.annotations.NullMarked;
