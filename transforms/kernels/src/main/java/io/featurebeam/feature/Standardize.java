package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The z-score: (x - mean) / standard deviation. Null gives null, NaN gives NaN, an infinity stays
 * one; fitting passes over all three. If all training values are equal the result is x - mean, as
 * in tf.Transform.
 *
 * <p>Input int64 or float64, output float64. The deviation is that of the population (divided by n,
 * as in tf.Transform) unless {@link #withSample()} (n - 1, as in Spark ML).
 *
 * @param column the column it reads
 * @param sample whether the deviation is the sample's
 */
public record Standardize(String column, boolean sample) implements Feature {

  public Standardize {
    Objects.requireNonNull(column, "column is null");
  }

  public Standardize withSample() {
    return new Standardize(column, true);
  }

  @Override
  public String id() {
    return "standardize(" + column + ", " + (sample ? "sample" : "population") + ")";
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
    NumericInput input = NumericInput.of(schema, column);
    Moments moments = new Moments();
    return new Summary() {
      @Override
      public void accumulate(RecordBatch batch) {
        moments.accumulate(input.values(batch), input.column(batch).validity(), batch.size());
      }

      @Override
      public void load(JsonNode state) {
        moments.load(state);
      }

      @Override
      public JsonNode state() {
        return moments.state();
      }
    };
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    Moments moments = Moments.of(Json.required(state));
    if (moments.count() == 0) {
      throw new IllegalArgumentException(
          "fitted on no finite value of '" + column + "' (fit it on data that has some)");
    }
    double mean = moments.mean();
    double rest = moments.meanRest(mean);
    double deviation = moments.deviation(sample);
    double divisor = deviation == 0 ? 1 : deviation;
    return NumericInput.mapping(
        schema,
        column,
        (in, out, size) -> {
          for (int i = 0; i < size; i++) {
            out[i] = ((in[i] - mean) - rest) / divisor;
          }
        });
  }

  /** {@code standardize} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "standardize";
    }

    @Override
    public String description() {
      return "Distance from the mean in standard deviations (z-score).";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The int64 or float64 column."),
          Parameter.optional(
              "sample",
              Parameter.Kind.BOOLEAN,
              "Whether to divide by n - 1 instead of n (default: false)."));
    }

    @Override
    public Feature create(Settings settings) {
      return new Standardize(settings.string("column"), settings.flag("sample", false));
    }
  }
}
