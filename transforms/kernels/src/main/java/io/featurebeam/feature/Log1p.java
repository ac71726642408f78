package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The natural logarithm of 1 + x. Null gives null, NaN gives NaN; below -1 gives NaN, -1 gives
 * -Infinity.
 *
 * <p>Input int64 or float64, output float64, exact to one unit in the last place also for x near
 * zero, and bit for bit the same on every machine.
 *
 * @param column the column it reads
 */
public record Log1p(String column) implements Feature {

  public Log1p {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "log1p(" + column + ")";
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
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    return NumericInput.mapping(schema, column, Log1p::map);
  }

  /** StrictMath, so that every machine gives the same bits; it costs no more than Math here. */
  private static void map(double[] in, double[] out, int size) {
    for (int i = 0; i < size; i++) {
      out[i] = StrictMath.log1p(in[i]);
    }
  }

  /** {@code log1p} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "log1p";
    }

    @Override
    public String description() {
      return "Natural logarithm of 1 + x.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The int64 or float64 column."));
    }

    @Override
    public Feature create(Settings settings) {
      return new Log1p(settings.string("column"));
    }
  }
}
