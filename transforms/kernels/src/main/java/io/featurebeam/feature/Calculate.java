package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Expression;
import io.featurebeam.expression.Expressions;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a CEL expression over the columns gives. An expression over a null is null unless it asks
 * {@code == null}, and so is what cannot be computed, such as an int64 divided by 0; NaN gives NaN
 * and compares as IEEE 754 says. See {@link Expressions} for the language.
 *
 * @param cel the expression, such as {@code amount / income}
 */
public record Calculate(String cel) implements Feature {

  public Calculate {
    Objects.requireNonNull(cel, "cel is null");
    List<String> unused = Expressions.columns(cel); // so that bad syntax is an error now
  }

  @Override
  public String id() {
    return "expression(" + cel.strip().replaceAll("\\s+", " ") + ")";
  }

  @Override
  public List<String> inputs() {
    return Expressions.columns(cel);
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
    FieldType type = Expressions.compile(cel, schema).type();
    return List.of(Field.of(name, type));
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    Expression expression = Expressions.compile(cel, schema);
    return batch -> List.of(expression.evaluate(batch));
  }

  /** {@code expression: "a / b"} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "expression";
    }

    @Override
    public String description() {
      return "What a CEL expression over the columns gives.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required(
              "cel", Parameter.Kind.EXPRESSION, "The expression: (amount - fee) / income."));
    }

    @Override
    public Feature create(Settings settings) {
      return new Calculate(settings.string("cel"));
    }
  }
}
