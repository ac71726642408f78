/**
 * A metric over the runs of a pipeline (its number of records, a share of nulls, a distance), and
 * whether its newest points fit those before. A {@link io.featurebeam.history.HistoryDetector} is a
 * value; it is given the whole series each time and keeps nothing. The strategies, and what each
 * calls an anomaly, are those of Deequ, so that limits that were chosen there hold here.
 *
 * <p>Start with {@link io.featurebeam.history.MetricHistory}:
 *
 * <pre>{@code
 * MetricHistory history =
 *     MetricHistory.of("row_count", List.of(
 *         new MetricPoint(monday, 1000), new MetricPoint(tuesday, 1040),
 *         new MetricPoint(wednesday, 990)));
 * List<Finding> findings =
 *     history.findInNewest(new MetricPoint(thursday, 400), HistoryDetectors.relativeChange(0.5, 2));
 * findings.get(0).words();
 * // row_count of 2026-01-08T00:00:00Z is 400: 0.404 of the one before (must be 0.5 to 2)
 * }</pre>
 *
 * <p>For many values per key, while they arrive, there is {@code io.featurebeam.anomaly}.
 */
@NullMarked
package io.featurebeam.history;

import org.jspecify.annotations.NullMarked;
