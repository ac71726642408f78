/**
 * How far columns have moved from a reference: training against serving, day against day, a window
 * against what is usual. A {@link io.featurebeam.drift.DriftMetric} is a value (parameters and a
 * threshold); what it compares are two {@link io.featurebeam.profile.Distribution}s, from profiles
 * or from values at hand.
 *
 * <p>Start with {@link io.featurebeam.drift.DriftCheck}, which compares all columns of two profiles
 * and judges the p-values of all tests together:
 *
 * <pre>{@code
 * BatchProfile yesterday = BatchProfile.fromBytes(saved);
 * BatchProfile today = BatchProfile.of(schema);
 * today.add(batch);
 * for (DriftResult result : DriftCheck.usual().compare(yesterday, today)) {
 *   if (result.verdict() == DriftResult.Verdict.DRIFT) {
 *     System.out.println(result.words());
 *   }
 * }
 * // city: l_infinity is 0.3 (must be at most 0.1): 'BRN' had a share of 0.5 and has 0.8, ...
 * }</pre>
 *
 * <p>{@link io.featurebeam.drift.DriftMetrics} makes the built-in ones. A metric says which columns
 * it fits, and of any other it is an error, never a 0. A new one is one file (a record with its
 * {@link io.featurebeam.drift.DriftMetricProvider}), one line in {@code META-INF/services}, and its
 * test. Look at {@code MomentChange} first.
 */
@NullMarked
package io.featurebeam.drift;

import org.jspecify.annotations.NullMarked;
