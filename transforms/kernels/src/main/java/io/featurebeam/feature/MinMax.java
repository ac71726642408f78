package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value's place between the least and the greatest training value, as a number from {@code low}
 * to {@code high}. Null gives null, NaN gives NaN; fitting passes over null, NaN and infinities. A
 * value beyond those seen in training lands beyond the range, unless {@link #withClip()}. If all
 * training values are equal, every value lands in the middle of the range, as in Spark ML.
 *
 * <p>Input int64 or float64, output float64.
 *
 * @param column the column it reads
 * @param low what the least training value becomes
 * @param high what the greatest training value becomes
 * @param clip whether values beyond become {@code low} or {@code high}
 */
public record MinMax(String column, double low, double high, boolean clip) implements Feature {

  public MinMax {
    Objects.requireNonNull(column, "column is null");
    if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException(
          "Invalid range: " + low + " to " + high + " (low must be below high, both finite)");
    }
  }

  public MinMax withRange(double newLow, double newHigh) {
    return new MinMax(column, newLow, newHigh, clip);
  }

  public MinMax withClip() {
    return new MinMax(column, low, high, true);
  }

  @Override
  public String id() {
    return "min_max(" + column + ", " + low + ", " + high + (clip ? ", clip)" : ")");
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
    return NumericInput.output(name, schema, column);
  }

  @Override
  public boolean needsFit() {
    return true;
  }

  @Override
  public Summary summary(RecordSchema schema) {
    return new Extremes(NumericInput.of(schema, column));
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    double min = Json.number(Json.required(state), "min");
    double max = Json.number(state, "max");
    if (min > max) {
      throw new IllegalArgumentException(
          "fitted on no finite value of '" + column + "' (fit it on data that has some)");
    }
    double span = max - min;
    if (span == 0) {
      double middle = low + (high - low) / 2;
      return NumericInput.mapping(
          schema,
          column,
          (in, out, size) -> {
            for (int i = 0; i < size; i++) {
              out[i] = Double.isNaN(in[i]) ? Double.NaN : middle;
            }
          });
    }
    if (Double.isInfinite(span)) {
      throw new IllegalArgumentException(
          "The training values of '"
              + column
              + "' from "
              + min
              + " to "
              + max
              + " are too far apart (their distance must be below 1.8e308)");
    }
    double width = high - low;
    return NumericInput.mapping(
        schema,
        column,
        (in, out, size) -> {
          for (int i = 0; i < size; i++) {
            double y = low + (in[i] - min) / span * width;
            out[i] = clip ? Math.min(Math.max(y, low), high) : y;
          }
        });
  }

  /** The least and the greatest finite value; Infinity and -Infinity before the first. */
  private static final class Extremes implements Summary {
    private final NumericInput input;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    Extremes(NumericInput input) {
      this.input = input;
    }

    @Override
    public void accumulate(RecordBatch batch) {
      double[] values = input.values(batch);
      Bitmap validity = input.column(batch).validity();
      for (int i = 0; i < batch.size(); i++) {
        double x = values[i];
        if (Math.abs(x) <= Double.MAX_VALUE && (validity == null || validity.get(i))) {
          min = Math.min(min, x);
          max = Math.max(max, x);
        }
      }
    }

    @Override
    public void load(JsonNode state) {
      min = Math.min(min, Json.number(state, "min"));
      max = Math.max(max, Json.number(state, "max"));
    }

    @Override
    public JsonNode state() {
      return JsonNodeFactory.instance.objectNode().put("min", min).put("max", max);
    }
  }

  /** {@code min_max} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "min_max";
    }

    @Override
    public String description() {
      return "Place between the least and the greatest training value.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The int64 or float64 column."),
          Parameter.optional(
              "low", Parameter.Kind.NUMBER, "What the least training value becomes (default: 0)."),
          Parameter.optional(
              "high",
              Parameter.Kind.NUMBER,
              "What the greatest training value becomes (default: 1)."),
          Parameter.optional(
              "clip",
              Parameter.Kind.BOOLEAN,
              "Whether values beyond the training range become low or high (default: false)."));
    }

    @Override
    public Feature create(Settings settings) {
      return new MinMax(
          settings.string("column"),
          settings.number("low", 0),
          settings.number("high", 1),
          settings.flag("clip", false));
    }
  }
}
