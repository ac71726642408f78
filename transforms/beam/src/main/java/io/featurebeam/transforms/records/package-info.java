/**
 * Batches as Beam elements: their coder, the way in from and out to {@code PCollection<Row>}, and
 * the form of rejects.
 *
 * <p>Start with {@link io.featurebeam.transforms.records.RowsToBatches} and {@link
 * io.featurebeam.transforms.records.BatchesToRows}; {@link
 * io.featurebeam.transforms.records.BeamSchemas} says which Beam type becomes which column. A
 * collection of batches finds its coder by itself. A batch lives in the global window: windows
 * belong to the kernels. {@link io.featurebeam.transforms.records.Flow} is a collection in which
 * rejects and counts travel along with the records.
 */
@NullMarked
package io.featurebeam.transforms.records;

import org.jspecify.annotations.NullMarked;
