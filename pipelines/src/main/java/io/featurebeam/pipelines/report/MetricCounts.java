package io.featurebeam.pipelines.report;

import java.util.Objects;
import java.util.function.Supplier;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/**
 * The counts of a run from its Beam counters, attempted values: what a runner tells while it runs.
 * Where it does not tell (yet), other counts stand in.
 *
 * <pre>{@code
 * PipelineResult result = pipeline.run();
 * try (ProgressMeter meter = ProgressMeter.start(
 *     MetricCounts.of(result, "featurebeam", "records_read", "records_rejected", live), System.err)) {
 *   result.waitUntilFinish();
 * }
 * }</pre>
 */
public final class MetricCounts implements Supplier<ProgressCounts> {

  private final PipelineResult result;
  private final String namespace;
  private final String records;
  private final String rejects;
  private final Supplier<ProgressCounts> fallback;

  private MetricCounts(
      PipelineResult result,
      String namespace,
      String records,
      String rejects,
      Supplier<ProgressCounts> fallback) {
    this.result = Objects.requireNonNull(result, "result is null");
    this.namespace = Objects.requireNonNull(namespace, "namespace is null");
    this.records = Objects.requireNonNull(records, "records is null");
    this.rejects = Objects.requireNonNull(rejects, "rejects is null");
    this.fallback = Objects.requireNonNull(fallback, "fallback is null");
  }

  /**
   * Reads two counters, each summed over the steps that have it.
   *
   * @param namespace of both counters
   * @param records the name of the counter of records read
   * @param rejects the name of the counter of rejects
   * @param fallback asked while the runner does not offer metrics, or none of records
   */
  public static MetricCounts of(
      PipelineResult result,
      String namespace,
      String records,
      String rejects,
      Supplier<ProgressCounts> fallback) {
    return new MetricCounts(result, namespace, records, rejects, fallback);
  }

  @Override
  public ProgressCounts get() {
    MetricQueryResults found;
    try {
      found =
          result
              .metrics()
              .queryMetrics(
                  MetricsFilter.builder()
                      .addNameFilter(MetricNameFilter.named(namespace, records))
                      .addNameFilter(MetricNameFilter.named(namespace, rejects))
                      .build());
    } catch (RuntimeException e) {
      return fallback.get(); // UnsupportedOperationException, and others before a job has started
    }
    long read = sum(found, records);
    return read == 0 ? fallback.get() : new ProgressCounts(read, sum(found, rejects));
  }

  private static long sum(MetricQueryResults found, String name) {
    long sum = 0;
    for (MetricResult<Long> counter : found.getCounters()) {
      if (counter.getName().getName().equals(name)) {
        sum += counter.getAttempted();
      }
    }
    return sum;
  }
}
