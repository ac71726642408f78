package com.example.payments;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.Feature;
import io.featurebeam.feature.FeatureProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * One column divided by another. Null in either gives null; division by zero and NaN are as IEEE
 * 754 says.
 *
 * @param of a float64 column
 * @param to a float64 column
 */
public record RatioFeature(String of, String to) implements Feature {

  @Override
  public String id() {
    return "ratio(" + of + ", " + to + ")";
  }

  @Override
  public List<String> inputs() {
    return List.of(of, to);
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, JsonNode state) {
    inputs().forEach(input -> check(schema, input));
    return List.of(Field.of(name, FieldType.FLOAT64));
  }

  private static void check(RecordSchema schema, String column) {
    FieldType type = schema.field(column).type();
    if (!type.equals(FieldType.FLOAT64)) {
      throw new IllegalArgumentException(
          "Invalid column for ratio: '" + column + "' is " + type + " (must be float64)");
    }
  }

  @Override
  public Mapping bind(RecordSchema schema, JsonNode state) {
    return batch -> {
      DoubleColumn dividend = batch.doubles(of);
      DoubleColumn divisor = batch.doubles(to);
      double[] ratios = new double[batch.size()];
      for (int row = 0; row < ratios.length; row++) {
        ratios[row] = dividend.values()[row] / divisor.values()[row];
      }
      Bitmap valid =
          dividend.validity() == null
              ? divisor.validity()
              : divisor.validity() == null
                  ? dividend.validity()
                  : dividend.validity().and(divisor.validity());
      return List.of(new DoubleColumn(ratios, ratios.length, valid));
    };
  }

  /** {@code { ratio: amount, to: limit }}. */
  public static final class Provider implements FeatureProvider {
    @Override
    public String name() {
      return "ratio";
    }

    @Override
    public String description() {
      return "One column divided by another.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("of", Parameter.Kind.COLUMN, "The column that is divided."),
          Parameter.required("to", Parameter.Kind.COLUMN, "The column that it is divided by."));
    }

    @Override
    public Feature create(Settings settings) {
      return new RatioFeature(settings.string("of"), settings.string("to"));
    }
  }
}
