package io.featurebeam.pipelines.spec;

import io.featurebeam.dataset.Sampling;
import io.featurebeam.dataset.Split;
import io.featurebeam.time.Spans;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes a pipeline's records the labels of a training set: features are joined to each as they
 * were at its time. Without groups there is no list of labels: the rows of the pipeline's own
 * aggregates are the training set.
 *
 * @param groups by name, in the order of their columns; none for the rows of aggregates
 * @param horizonMicros how long after its time a label is known
 * @param asOfMicros labels that are known only after this time are rejects; null for none
 * @param samples of which labels, or rows, a share is kept, one after the other
 * @param split the parts that rows are in; null for none
 */
public record TrainingSetSpec(
    Map<String, FeatureGroupSpec> groups,
    long horizonMicros,
    @Nullable Long asOfMicros,
    List<Sampling> samples,
    @Nullable Split split) {

  public TrainingSetSpec {
    samples = List.copyOf(samples);
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    if (horizonMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid horizon: " + horizonMicros + " microseconds (must be >= 0)");
    }
    if (groups.isEmpty() && horizonMicros > 0) {
      throw withoutLabels("horizon: " + Spans.format(horizonMicros));
    }
    if (groups.isEmpty() && asOfMicros != null) {
      throw withoutLabels("asOf: " + Times.format(asOfMicros));
    }
  }

  private static IllegalArgumentException withoutLabels(String what) {
    return new IllegalArgumentException(
        "Invalid "
            + what
            + " without groups (rows of aggregates are no labels, which are known later; read the"
            + " labels, and put the aggregates into a group)");
  }

  /** The rows of the pipeline's aggregates are the training set. */
  public static TrainingSetSpec ofRows() {
    return new TrainingSetSpec(Map.of(), 0, null, List.of(), null);
  }

  /** Without a horizon. */
  public static TrainingSetSpec of(Map<String, FeatureGroupSpec> groups) {
    return new TrainingSetSpec(groups, 0, null, List.of(), null);
  }

  /** Labels are known so long after their time; as of a time, those that are known by then. */
  public TrainingSetSpec withHorizon(long micros, @Nullable Long asOf) {
    return new TrainingSetSpec(groups, micros, asOf, samples, split);
  }

  /** Keeps a share of some labels, or rows, after other samplings. */
  public TrainingSetSpec withSample(Sampling sampling) {
    List<Sampling> all = new ArrayList<>(samples);
    all.add(sampling);
    return new TrainingSetSpec(groups, horizonMicros, asOfMicros, all, split);
  }

  /** Parts rows in a column {@code split}. */
  public TrainingSetSpec withSplit(@Nullable Split newSplit) {
    return new TrainingSetSpec(groups, horizonMicros, asOfMicros, samples, newSplit);
  }
}
