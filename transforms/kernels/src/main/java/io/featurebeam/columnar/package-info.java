/**
 * What flows between steps: a {@link io.featurebeam.columnar.RecordBatch} holds up to a few
 * thousand records as primitive column arrays.
 *
 * <p>Start with {@link io.featurebeam.columnar.RecordSchema} (names and types), then {@link
 * io.featurebeam.columnar.Column} (one array of values with a validity bitmap), then {@link
 * io.featurebeam.columnar.RecordBatch}. {@link io.featurebeam.columnar.BatchCodec} is the binary
 * form that crosses the network. Everything is immutable once built, so a batch may be shared
 * between steps and threads without a copy.
 *
 * <p>This package uses nothing else of the project. A kernel reads the arrays of a column directly;
 * the arrays that an accessor hands out are the column's own and must not be written to.
 */
@NullMarked
package io.featurebeam.columnar;

import org.jspecify.annotations.NullMarked;
