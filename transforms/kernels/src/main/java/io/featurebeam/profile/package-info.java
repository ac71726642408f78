/**
 * What the columns of a run's records hold: counts, ranges, moments, quantiles, distinct and most
 * frequent values, mergeable from any parts.
 *
 * <p>Start with {@link io.featurebeam.profile.BatchProfile}, which batches are added to and which
 * has a binary form; what people read of it is one {@link io.featurebeam.profile.ColumnProfile} per
 * column. A masked column is only counted.
 *
 * <p>Counts, ranges and moments do not depend on order or partition, nor does the number of
 * distinct values; quantiles and most frequent values are exact for few values and approximate,
 * within the bounds that are stated there, for many.
 */
@NullMarked
package io.featurebeam.profile;

import org.jspecify.annotations.NullMarked;
