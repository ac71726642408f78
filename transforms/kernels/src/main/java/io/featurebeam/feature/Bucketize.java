package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which interval between fixed boundaries a value falls into. Null and NaN give null.
 *
 * <p>A value's bucket is the number of boundaries at or below it: boundaries 0, 10 make bucket 0
 * below 0, bucket 1 from 0 to just under 10, bucket 2 from 10 up. With {@link #withinBoundaries()}
 * only the inner intervals are buckets, from 0: what lies below the first or at or above the last
 * boundary gives null. Input int64 or float64, output int64.
 *
 * @param column the column it reads
 * @param boundaries ascending, finite
 * @param outer whether the two open intervals at the ends are buckets too
 */
public record Bucketize(String column, List<Double> boundaries, boolean outer) implements Feature {

  public Bucketize {
    Objects.requireNonNull(column, "column is null");
    boundaries = List.copyOf(boundaries);
    if (boundaries.size() < (outer ? 1 : 2)) {
      throw new IllegalArgumentException(
          "Invalid boundaries: " + boundaries + " (must be at least " + (outer ? 1 : 2) + ")");
    }
    for (int i = 0; i < boundaries.size(); i++) {
      double boundary = boundaries.get(i);
      if (!Double.isFinite(boundary) || (i > 0 && boundary <= boundaries.get(i - 1))) {
        throw new IllegalArgumentException(
            "Invalid boundary: " + boundary + " (must be finite and above the one before)");
      }
    }
  }

  /** Gives null outside the first and the last boundary. */
  public Bucketize withinBoundaries() {
    return new Bucketize(column, boundaries, false);
  }

  @Override
  public String id() {
    return "bucketize(" + column + ", " + boundaries + (outer ? ")" : ", within boundaries)");
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
    NumericInput.of(schema, column);
    return List.of(Field.of(name, FieldType.INT64));
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    NumericInput input = NumericInput.of(schema, column);
    double[] limits = boundaries.stream().mapToDouble(Double::doubleValue).toArray();
    return batch -> {
      long[] buckets = new long[batch.size()];
      Bitmap outside = assign(input.values(batch), buckets, limits);
      Bitmap validity = input.column(batch).validity();
      if (!outside.isEmpty()) {
        validity = Bitmap.both(validity, outside.not());
      }
      return List.of(new LongColumn(FieldType.INT64, buckets, buckets.length, validity));
    };
  }

  /** Fills {@code buckets} and gives the rows that have none. */
  private Bitmap assign(double[] values, long[] buckets, double[] limits) {
    if (limits.length <= 16) {
      countAll(values, buckets, limits);
    } else {
      searchAll(values, buckets, limits);
    }
    int first = outer ? 0 : 1;
    int last = outer ? limits.length : limits.length - 1;
    long[] outside = new long[Bitmap.wordCount(buckets.length)];
    for (int i = 0; i < buckets.length; i++) {
      if (buckets[i] < first || buckets[i] > last || Double.isNaN(values[i])) {
        outside[i >> 6] |= 1L << i;
      }
      buckets[i] -= first;
    }
    return Bitmap.wrap(outside, buckets.length);
  }

  /** Few boundaries: one after the other over all values, no branch to mispredict. */
  private static void countAll(double[] values, long[] buckets, double[] limits) {
    for (double limit : limits) {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] += values[i] >= limit ? 1 : 0;
      }
    }
  }

  private static void searchAll(double[] values, long[] buckets, double[] limits) {
    for (int i = 0; i < buckets.length; i++) {
      int low = 0;
      int high = limits.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (limits[middle] <= values[i]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      buckets[i] = low;
    }
  }

  /** {@code bucketize} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "bucketize";
    }

    @Override
    public String description() {
      return "Number of the interval between fixed boundaries that a value falls into.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The int64 or float64 column."),
          Parameter.required(
              "boundaries",
              Parameter.Kind.NUMBERS,
              "Ascending; a value equal to one belongs to the bucket above it."),
          Parameter.optional(
              "outer",
              Parameter.Kind.BOOLEAN,
              "Whether what lies beyond the boundaries has buckets too, or gives null (default:"
                  + " true)."));
    }

    @Override
    public Feature create(Settings settings) {
      return new Bucketize(
          settings.string("column"),
          new ArrayList<>(settings.numbers("boundaries")),
          settings.flag("outer", true));
    }
  }
}
