/**
 * Batches as Beam elements: their coder, the way in from and out to {@code PCollection<Row>}, and
 * the form of rejects.
 */
@NullMarked
package io.featurebeam.transforms.records;

import org.jspecify.annotations.NullMarked;
