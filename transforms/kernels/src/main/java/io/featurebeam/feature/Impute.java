package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The value itself, or a replacement where it is missing. Null and NaN are missing, in training and
 * after; the output is never null nor NaN.
 *
 * <p>Mean and median take int64 or float64 and give float64 (the mean passes over infinities, too).
 * Mode, ties by the least value, and constant take string, int64 or float64 and give the same type.
 * The median is exact up to some 4,000 training values, beyond that a KLL sketch's, off by at most
 * 0.1 percent of the ranks with 99 percent confidence; the mode counts at most a million distinct
 * values.
 *
 * @param column the column it reads
 * @param strategy what the replacement is
 * @param constant the replacement as text, of {@link Strategy#CONSTANT} only
 */
public record Impute(String column, Strategy strategy, @Nullable String constant)
    implements Feature {

  /** What replaces a missing value. */
  public enum Strategy {
    MEAN,
    MEDIAN,
    MODE,
    CONSTANT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Impute {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(strategy, "strategy is null");
    if ((constant != null) != (strategy == Strategy.CONSTANT)) {
      throw new IllegalArgumentException(
          strategy == Strategy.CONSTANT
              ? "Missing parameter: 'value' (the constant that replaces a missing value)"
              : "Invalid value: "
                  + constant
                  + " (only with strategy constant, not "
                  + strategy
                  + ")");
    }
  }

  @Override
  public String id() {
    return "impute(" + column + ", " + strategy + (constant == null ? ")" : " " + constant + ")");
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
    FieldType type = schema.field(column).type();
    switch (strategy) {
      case MEAN, MEDIAN -> {
        NumericInput.of(schema, column);
        type = FieldType.FLOAT64;
      }
      case MODE -> CategoryInput.ofValues(schema, column);
      case CONSTANT -> CategoryInput.ofValues(schema, column).key(replacement(state));
    }
    return List.of(Field.required(name, type));
  }

  @Override
  public boolean needsFit() {
    return strategy != Strategy.CONSTANT;
  }

  @Override
  public Summary summary(RecordSchema schema) {
    return switch (strategy) {
      case MEAN -> new Standardize(column, false).summary(schema);
      case MEDIAN -> new MedianSketch(NumericInput.of(schema, column));
      case MODE ->
          new CategoryCounts(CategoryInput.ofValues(schema, column), CategoryCounts.MAX_DISTINCT);
      case CONSTANT -> Feature.super.summary(schema);
    };
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    FieldType type = outputs(column, schema, state).get(0).type();
    String text = replacement(state);
    int index = schema.indexOf(column);
    return switch (type.kind()) {
      case STRING -> {
        FillText fill = new FillText(text);
        yield batch -> List.of(fill.map((BytesColumn) batch.column(index)));
      }
      case INT64 -> {
        long value = Long.parseLong(text);
        yield batch -> List.of(Fill.longs(batch.column(index), value));
      }
      default -> {
        double value = Double.parseDouble(text);
        NumericInput input = NumericInput.of(schema, column);
        yield batch -> List.of(doubles(input, batch, value));
      }
    };
  }

  private static Column doubles(NumericInput input, RecordBatch batch, double value) {
    return Fill.doubles(input.values(batch), input.column(batch).validity(), batch.size(), value);
  }

  private String replacement(@Nullable JsonNode state) {
    if (constant != null) {
      return constant;
    }
    JsonNode fitted = Json.required(state);
    switch (strategy) {
      case MEAN -> {
        Moments moments = Moments.of(fitted);
        if (moments.count() > 0) {
          return Double.toString(moments.mean());
        }
      }
      case MEDIAN -> {
        if (Json.count(fitted, "count") > 0) {
          return Double.toString(Json.number(fitted, "median"));
        }
      }
      case MODE, CONSTANT -> {
        List<String> mode = CategoryCounts.top(fitted, 1, 1);
        if (!mode.isEmpty()) {
          return mode.get(0);
        }
      }
    }
    throw new IllegalArgumentException(
        "fitted on no value of '" + column + "' (fit it on data that has some)");
  }

  /** {@code impute} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "impute";
    }

    @Override
    public String description() {
      return "The value, or the training mean, median or mode, or a constant, where it is missing.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required(
              "column", Parameter.Kind.COLUMN, "The string, int64 or float64 column."),
          Parameter.optional(
              "strategy",
              Parameter.Kind.STRING,
              "mean, median (of more than some 4,000 values about), mode or constant (default: constant"
                  + " if a value is given, else mean)."),
          Parameter.optional(
              "value", Parameter.Kind.VALUE, "What replaces a missing value: strategy constant."));
    }

    @Override
    public Feature create(Settings settings) {
      String value = settings.has("value") ? String.valueOf(settings.value("value")) : null;
      String strategy = settings.string("strategy", value == null ? "mean" : "constant");
      List<String> known = Arrays.stream(Strategy.values()).map(Strategy::toString).toList();
      if (!known.contains(strategy)) {
        throw new IllegalArgumentException(
            "Unknown strategy: '" + strategy + "'" + Spelling.hint(strategy, known));
      }
      return new Impute(
          settings.string("column"), Strategy.valueOf(strategy.toUpperCase(Locale.ROOT)), value);
    }
  }
}
