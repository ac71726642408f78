package io.featurebeam.history;

/**
 * What a metric was in a run.
 *
 * @param time of the data or of the run, in microseconds since 1970
 * @param value NaN if the run could not compute it: the point then does not count
 */
public record MetricPoint(long time, double value) {}
