package io.featurebeam.pipelines.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.aggregate.AggregateProvider;
import io.featurebeam.aggregate.Part;
import io.featurebeam.aggregate.States;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.Feature;
import io.featurebeam.feature.FeatureProvider;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Parameter.Kind;
import io.featurebeam.settings.Settings;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** Small providers, so that the spec is tested apart from the catalogue of rules and features. */
final class TestProviders {

  private static final Parameter COLUMN =
      Parameter.required("column", Kind.COLUMN, "The column to check.");

  private TestProviders() {}

  static Providers all() {
    return Providers.of(
        List.of(
            new TestRule("not_null", List.of(COLUMN)),
            new TestRule(
                "between",
                List.of(
                    COLUMN,
                    Parameter.optional("min", Kind.NUMBER, "The least value."),
                    Parameter.optional("max", Kind.NUMBER, "The largest value."))),
            new TestRule(
                "matches",
                List.of(COLUMN, Parameter.required("pattern", Kind.STRING, "A pattern."))),
            new TestRule(
                "in_set",
                List.of(COLUMN, Parameter.required("values", Kind.VALUES, "The values."))),
            new TestRule(
                "pair_in_set",
                List.of(COLUMN, Parameter.required("pairs", Kind.TUPLES, "The pairs."))),
            new TestRule(
                "fresh", List.of(COLUMN, Parameter.required("within", Kind.DURATION, "How new."))),
            new TestRule(
                "expression", List.of(Parameter.required("cel", Kind.EXPRESSION, "A condition.")))),
        List.of(
            new TestFeature("log1p", List.of(COLUMN)),
            new TestFeature("standardize", List.of(COLUMN)),
            new TestFeature("one_hot", List.of(COLUMN)),
            new TestFeature(
                "bucketize",
                List.of(
                    COLUMN,
                    Parameter.required("bounds", Kind.NUMBERS, "Between buckets."),
                    Parameter.optional("closed", Kind.BOOLEAN, "Whether bounds belong left."),
                    Parameter.optional("offset", Kind.INTEGER, "The number of the first."))),
            new TestFeature(
                "cross", List.of(Parameter.required("columns", Kind.COLUMNS, "The columns.")))),
        List.of(
            new TestAggregate("count", List.of()),
            new TestAggregate("mean", List.of(COLUMN)),
            new TestAggregate(
                "quantile",
                List.of(COLUMN, Parameter.required("q", Kind.NUMBER, "Which, 0 to 1.")))),
        List.of(new TestSource()));
  }

  private static IllegalArgumentException inverted(Settings settings) {
    return new IllegalArgumentException(
        "Invalid min: "
            + settings.number("min")
            + " (must be <= max "
            + settings.number("max")
            + ")");
  }

  private record TestRule(String name, List<Parameter> parameters) implements RuleProvider {
    @Override
    public String description() {
      return "The rule " + name + ".";
    }

    @Override
    public Rule create(Settings settings) {
      if (settings.has("min")
          && settings.has("max")
          && settings.number("min") > settings.number("max")) {
        throw inverted(settings);
      }
      return new ColumnRule(name, settings.stringOrNull("column"));
    }
  }

  private record ColumnRule(String name, @Nullable String column) implements Rule {
    @Override
    public String id() {
      return name + "(" + column + ")";
    }

    @Override
    public List<String> columns() {
      return column == null ? List.of() : List.of(column);
    }

    @Override
    public Checker bind(RecordSchema schema) {
      for (String name : columns()) {
        FieldType type = schema.field(name).type();
        if (this.name.equals("between") && !type.isNumeric()) {
          throw new IllegalArgumentException(
              "Column '" + name + "' is " + type + " (must be numeric)");
        }
      }
      return null;
    }
  }

  private record TestFeature(String name, List<Parameter> parameters) implements FeatureProvider {
    @Override
    public String description() {
      return "The feature " + name + ".";
    }

    @Override
    public Feature create(Settings settings) {
      return new ColumnFeature(
          name.equals("one_hot"),
          settings.has("columns")
              ? settings.strings("columns")
              : List.of(settings.string("column")));
    }
  }

  private record ColumnFeature(boolean learnsItsColumns, List<String> inputs) implements Feature {
    @Override
    public String id() {
      return "test" + inputs;
    }

    @Override
    public boolean learnsColumns() {
      return learnsItsColumns;
    }

    @Override
    public Summary summary(RecordSchema schema) {
      inputs.forEach(schema::indexOf);
      return new NoSummary();
    }

    @Override
    public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
      inputs.forEach(schema::indexOf);
      return List.of(Field.of(name, FieldType.FLOAT64));
    }

    @Override
    public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
      throw new UnsupportedOperationException("not needed to check a spec");
    }
  }

  private static final class NoSummary implements Feature.Summary {
    @Override
    public void accumulate(RecordBatch batch) {
      throw new UnsupportedOperationException("not needed to check a spec");
    }

    @Override
    public void load(JsonNode state) {
      throw new UnsupportedOperationException("not needed to check a spec");
    }

    @Override
    public JsonNode state() {
      throw new UnsupportedOperationException("not needed to check a spec");
    }
  }

  private record TestAggregate(String name, List<Parameter> parameters)
      implements AggregateProvider {
    @Override
    public String description() {
      return "The aggregate " + name + ".";
    }

    @Override
    public Aggregate create(Settings settings) {
      return new ColumnAggregate(settings.stringOrNull("column"));
    }
  }

  private record ColumnAggregate(@Nullable String column) implements Aggregate {
    @Override
    public List<Part> parts() {
      return List.of();
    }

    @Override
    public FieldType outputType(RecordSchema schema) {
      if (column != null && !schema.field(column).type().isNumeric()) {
        throw new IllegalArgumentException(
            "Column '" + column + "' is " + schema.field(column).type() + " (must be numeric)");
      }
      return FieldType.FLOAT64;
    }

    @Override
    public void finish(States[] parts, int slot, ColumnBuilder out) {
      throw new UnsupportedOperationException("not needed to check a spec");
    }
  }

  private static final class TestSource implements SourceProvider {
    @Override
    public String name() {
      return "queue";
    }

    @Override
    public String description() {
      return "A queue.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("topic", Kind.STRING, "The topic."),
          Parameter.optional("password", Kind.STRING, "The password."));
    }

    @Override
    public RecordSchema schema(Settings settings) {
      return RecordSchema.of(Field.of("t", FieldType.TIMESTAMP));
    }

    @Override
    public PTransform<PBegin, PCollection<RecordBatch>> create(Settings settings) {
      throw new UnsupportedOperationException("not needed to check a spec");
    }
  }
}
