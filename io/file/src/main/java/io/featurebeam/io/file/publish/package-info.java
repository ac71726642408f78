/**
 * Making written files visible all at once: a reader sees the old output or the new one, whole.
 *
 * <p>An output folder looks like this:
 *
 * <pre>
 * OUT/date_day=2001-01-31/RUN-00000.parquet   the data, where any reader of Hive-style folders finds it
 * OUT/_featurebeam/manifest.json              what the output is: files, schema, partitions, run
 * OUT/_featurebeam/versions/RUN.json          the manifests of earlier runs, the latest of them
 * OUT/_featurebeam/claim.json                 while a run is writing: which one
 * OUT/_featurebeam/tmp/RUN/                   while a run is writing: files that nobody sees yet
 * OUT/_featurebeam/publish.json               while files are being moved: what is to be done
 * </pre>
 *
 * <p><b>What readers see.</b> Who reads the files that {@link
 * io.featurebeam.io.file.publish.Manifest} names reads one run's output, whole, at any time: it is
 * replaced in one step, files have names of their own run and never change, and those it named are
 * deleted after it. A reader that is slower than that finds a file gone and starts again from the
 * new manifest. (On HDFS a file is replaced by deleting it first: for that moment there is no
 * manifest, and the reader tries again.)
 *
 * <p>Who lists the folder instead, leaving out names that begin with an underscore, sees
 *
 * <ul>
 *   <li>until the first file is moved in: the old output;
 *   <li>then, until the last replaced file is deleted: all of the old output that is not deleted
 *       yet, and the part of the new one that is moved already. Between are only the moves (hundred
 *       at a time), one write of the manifest and the deletes: no data is written, read or listed;
 *   <li>after that: the new output.
 * </ul>
 *
 * <p>A crash between makes the middle state last until the next run begins or {@link
 * io.featurebeam.io.file.publish.Publisher#recover}. A first output has no old files, so a listing
 * shows a part of it or all. Files are complete whenever they have their final name, except on file
 * systems that copy to rename and show a copy in the making; object stores do not.
 *
 * <p>Start with {@link io.featurebeam.io.file.publish.Publisher}, which explains the protocol.
 * {@link io.featurebeam.io.file.publish.PartitionBy} says what the folders between mean, {@link
 * io.featurebeam.io.file.publish.Origin} how an output was made, {@link
 * io.featurebeam.io.file.publish.Content} what rows it holds. This package knows nothing else of
 * what is in the files.
 */
@NullMarked
package io.featurebeam.io.file.publish;

import org.jspecify.annotations.NullMarked;
