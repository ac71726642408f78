package io.featurebeam.pipelines.spec;

import io.featurebeam.join.PointInTime;
import io.featurebeam.time.Emission;
import io.featurebeam.time.WindowBounds;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one source says about the labels of a {@link TrainingSetSpec}: the aggregates of a pipeline,
 * or the latest row of a table.
 *
 * <pre>{@code
 * FeatureGroupSpec.of(cardFeatures)                       // a spec with aggregates
 * FeatureGroupSpec.asOf(profiles, AsOf.of("country", "limit"))   // a spec without
 * }</pre>
 *
 * @param features what is read, checked, computed and aggregated; what it says of sinks, rejects,
 *     reports and emission does not count
 * @param labelKeys by key its column of the labels, where that has another name
 * @param asOf which columns of the latest row; null for the aggregates
 * @param ttlMicros how old the latest record may be
 * @param knownAfterMicros how long after its time a record is known
 * @param dropsUnmatched whether labels that find nothing are rejects; else their features are null
 */
public record FeatureGroupSpec(
    PipelineSpec features,
    Map<String, String> labelKeys,
    @Nullable AsOf asOf,
    long ttlMicros,
    long knownAfterMicros,
    boolean dropsUnmatched) {

  /**
   * The latest row of a table.
   *
   * @param columns by column of the table its name beside the labels
   * @param created the column that orders rows of equal time; null for none
   * @param where which rows count, also by columns of the label: {@code label_NAME}; null for all
   * @param bounds whether a row at the label's very time counts, and a delay
   */
  public record AsOf(
      Map<String, String> columns,
      @Nullable String created,
      @Nullable String where,
      WindowBounds bounds) {

    public AsOf {
      columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
      Objects.requireNonNull(bounds, "bounds is null");
    }

    /** Columns under their own names, at or before the label's time. */
    public static AsOf of(String... columns) {
      Map<String, String> names = new LinkedHashMap<>();
      List.of(columns).forEach(column -> names.put(column, column));
      return new AsOf(names, null, null, WindowBounds.FEAST);
    }
  }

  public FeatureGroupSpec {
    features =
        features.toBuilder()
            .replaceAggregate(
                features.aggregate().stream().map(FeatureGroupSpec::atLabels).toList())
            .build();
    labelKeys = Collections.unmodifiableMap(new LinkedHashMap<>(labelKeys));
    if (asOf == null && features.aggregate().isEmpty()) {
      throw new IllegalArgumentException(
          "Missing aggregate or asOf (a group gives labels aggregates, or columns of the latest"
              + " row)");
    }
    if (asOf != null && !features.aggregate().isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid asOf beside aggregate (a group gives labels one of them; make two groups)");
    }
    if (features.keys().isEmpty()) {
      throw new IllegalArgumentException(
          "Missing keys (the columns by which labels find its records)");
    }
    if (features.trainingSet() != null) {
      throw new IllegalArgumentException(
          "Invalid spec: '" + features.name() + "' is a training set itself (must be features)");
    }
    if (features.fit() != null) {
      throw new IllegalArgumentException(
          "Invalid fit in a group (what is learned must not see what comes after the labels; run it"
              + " alone, and use fitted)");
    }
  }

  /** A row for each label, whatever rows there were. */
  private static AggregateSpec atLabels(AggregateSpec group) {
    return new AggregateSpec(
        group.windows(),
        Emission.everyEvent(),
        group.bounds(),
        group.keys(),
        group.columns(),
        null,
        group.changes());
  }

  /** By keys of equal names, of any age, known at once, and null for what is not found. */
  public static FeatureGroupSpec of(PipelineSpec features) {
    return new FeatureGroupSpec(features, Map.of(), null, PointInTime.ANY_AGE, 0, false);
  }

  /** The latest row instead of aggregates; for a spec that has none. */
  public static FeatureGroupSpec asOf(PipelineSpec table, AsOf asOf) {
    return new FeatureGroupSpec(table, Map.of(), asOf, PointInTime.ANY_AGE, 0, false);
  }

  /** By key its column of the labels; one that is no key is refused when it is joined. */
  public Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    features.keys().forEach(key -> keys.put(key, key));
    keys.putAll(labelKeys);
    return keys;
  }

  public FeatureGroupSpec withLabelKey(String theirs, String ofLabels) {
    Map<String, String> more = new LinkedHashMap<>(labelKeys);
    more.put(theirs, ofLabels);
    return new FeatureGroupSpec(features, more, asOf, ttlMicros, knownAfterMicros, dropsUnmatched);
  }

  public FeatureGroupSpec withTtl(long micros) {
    return new FeatureGroupSpec(
        features, labelKeys, asOf, micros, knownAfterMicros, dropsUnmatched);
  }

  public FeatureGroupSpec withKnownAfter(long micros) {
    return new FeatureGroupSpec(features, labelKeys, asOf, ttlMicros, micros, dropsUnmatched);
  }

  /** In a stream, for how long records may be late: what labels wait. */
  public FeatureGroupSpec withLateness(long micros) {
    return new FeatureGroupSpec(
        features.toBuilder().lateness(micros).build(),
        labelKeys,
        asOf,
        ttlMicros,
        knownAfterMicros,
        dropsUnmatched);
  }

  public FeatureGroupSpec droppingUnmatched() {
    return new FeatureGroupSpec(features, labelKeys, asOf, ttlMicros, knownAfterMicros, true);
  }
}
