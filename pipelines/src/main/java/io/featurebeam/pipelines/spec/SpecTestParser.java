package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Shape.KeyShape.optional;
import static io.featurebeam.pipelines.spec.Shape.KeyShape.required;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.pipelines.spec.SpecTest.Expected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a spec test file, which stands beside its spec:
 *
 * <pre>{@code
 * columns: { date: timestamp, origin: string, delay: float64 }   # types of the input
 * tests:
 *   - name: a flight sees the flights before it
 *     input: |
 *       date,                 origin, delay
 *       2001-01-01T08:00:00Z, SEA,    5
 *       2001-01-01T08:30:00Z, SEA,    7
 *     output: |
 *       date,                 mean_delay_1h
 *       2001-01-01T08:00:00Z,
 *       2001-01-01T08:30:00Z, 5
 *     rejects: []
 * }</pre>
 *
 * <p>Rows are CSV text with a header, or a list of {@code { column: value }}. An empty cell is
 * null, a column that an input row does not give too. Only the columns that are named are compared;
 * a file without {@code columns} takes them from a CSV or JSON source that declares them.
 *
 * <p>In a test of a training set the input are its labels, and {@code groups} has the records of
 * each group:
 *
 * <pre>{@code
 * columns: { at: timestamp, card: string, fraud: boolean }
 * groups:
 *   payments: { at: timestamp, card: string, amount: float64 }
 * tests:
 *   - name: a label sees the payments before it
 *     input: ...
 *     groups:
 *       payments: |
 *         at,                   card, amount
 *         2001-01-01T08:00:00Z, A,    5
 *     output: ...
 * }</pre>
 */
public final class SpecTestParser {

  private static final Shape.Named COLUMNS = new Shape.Named("column", SpecShape.TYPE);

  private static final Shape.Section TEST =
      Shape.Section.of(
          required("name", SpecShape.TEXT, "Says the case and the result."),
          required("input", new Shape.Rows(), "The records."),
          optional(
              "groups",
              new Shape.Named("group", new Shape.Rows()),
              "Of a training set, the records of each group; none of one that is left out."),
          required("output", new Shape.Rows(), "The rows expected, in any order."),
          optional("rejects", new Shape.Rows(), "The rejects expected; none if left out."));

  private static final Shape.Section FILE =
      Shape.Section.of(
          optional("spec", SpecShape.PATH, "The spec's file."),
          optional("columns", COLUMNS, "Types of the input."),
          optional(
              "groups",
              new Shape.Named("group", COLUMNS),
              "Of a training set, the types of the records of each group."),
          required("tests", new Shape.Items(TEST), "The cases."));

  private final Problems problems = new Problems();

  private SpecTestParser() {}

  /** The cases in a file, or a {@link SpecException}. */
  public static List<SpecTest> read(Path file, PipelineSpec spec) {
    return readFile(file.toString(), spec);
  }

  /** The same of a path that may be of any file system of Beam. */
  public static List<SpecTest> readFile(String file, PipelineSpec spec) {
    return read(SpecFiles.text(file), file, spec);
  }

  /** The cases in a text. */
  public static List<SpecTest> read(String text, String source, PipelineSpec spec) {
    return new SpecTestParser().tests(text, source, spec);
  }

  private List<SpecTest> tests(String text, String source, PipelineSpec spec) {
    Node root = YamlReader.read(text, source, problems);
    problems.throwIfAny();
    ShapeReader reader =
        new ShapeReader(Providers.of(List.of(), List.of(), List.of(), List.of()), problems);
    Values file = root == null ? null : reader.section(root, FILE, "");
    problems.throwIfAny();
    if (file == null) {
      throw new AssertionError("No file and no problem");
    }
    RecordSchema schema = schema(file.map("columns", FieldType.class), spec.source());
    if (schema == null) {
      problems.add(
          file.node(),
          "",
          "Missing key: 'columns': the types of the input; use for example columns: { date:"
              + " timestamp, delay: float64 }");
    }
    Map<String, RecordSchema> groups = groups(file, spec.trainingSet());
    problems.throwIfAny();
    List<SpecTest> tests = new ArrayList<>();
    for (Values values : file.list("tests", Values.class)) {
      SpecTest test = test(values, file.orNull("spec", String.class), schema, groups);
      if (test != null) {
        tests.add(test);
      }
    }
    problems.throwIfAny();
    return List.copyOf(tests);
  }

  /** The columns of the records of each group. */
  private Map<String, RecordSchema> groups(Values file, @Nullable TrainingSetSpec trainingSet) {
    Map<String, FeatureGroupSpec> groups = trainingSet == null ? Map.of() : trainingSet.groups();
    Map<?, ?> given = file.or("groups", Map.class, Map.of());
    checkGroups(file, groups.keySet());
    Map<String, RecordSchema> schemas = new LinkedHashMap<>();
    groups.forEach(
        (name, group) -> {
          Map<String, FieldType> types = new LinkedHashMap<>();
          if (given.get(name) instanceof Map<?, ?> columns) {
            columns.forEach((column, type) -> types.put((String) column, (FieldType) type));
          }
          RecordSchema schema = schema(types, group.features().source());
          if (schema == null) {
            problems.add(
                file.node(),
                "groups",
                "Missing key: '"
                    + name
                    + "': the types of the records of this group; use for example groups: { "
                    + name
                    + ": { at: timestamp, amount: float64 } }");
          } else {
            schemas.put(name, schema);
          }
        });
    return schemas;
  }

  private void checkGroups(Values values, Collection<String> known) {
    if (!(values.node() instanceof Node.Mapping mapping
        && mapping.get("groups") instanceof Node.Mapping groups)) {
      return;
    }
    for (Node.Mapping.Entry group : groups.entries()) {
      String name = group.key().text();
      if (!known.contains(name)) {
        problems.add(
            group.key(),
            Interpolation.join(Interpolation.join(values.path(), "groups"), name),
            "Unknown group: '"
                + name
                + "'"
                + (known.isEmpty() ? " (the spec has none)" : Spelling.hint(name, known)));
      }
    }
  }

  /** Of these types, or those that the source declares; null if nobody says them. */
  private static @Nullable RecordSchema schema(Map<String, FieldType> given, SourceSpec declared) {
    Map<String, FieldType> columns = given;
    SourceSpec source = declared instanceof SourceSpec.Hybrid hybrid ? hybrid.stream() : declared;
    if (columns.isEmpty() && source instanceof SourceSpec.Csv csv) {
      columns = csv.columns();
    } else if (columns.isEmpty() && source instanceof SourceSpec.Json json) {
      columns = json.columns();
    } else if (columns.isEmpty() && source instanceof KafkaSource kafka) {
      columns = kafka.columns();
    }
    if (columns.isEmpty()) {
      return null;
    }
    List<Field> fields = new ArrayList<>();
    columns.forEach((name, type) -> fields.add(Field.of(name, type)));
    return RecordSchema.of(fields);
  }

  private @Nullable SpecTest test(
      Values values,
      @Nullable String spec,
      RecordSchema schema,
      Map<String, RecordSchema> groupSchemas) {
    RecordBatch input = input(values, "input", schema);
    Expected output = expected(values, "output");
    Expected rejects = values.has("rejects") ? expected(values, "rejects") : null;
    Map<String, Node> given = values.map("groups", Node.class);
    checkGroups(values, groupSchemas.keySet());
    Map<String, RecordBatch> groups = new LinkedHashMap<>();
    groupSchemas.forEach(
        (name, columns) -> {
          Node rows = given.get(name);
          String path = Interpolation.join(Interpolation.join(values.path(), "groups"), name);
          RecordBatch records =
              rows == null ? RecordBatch.builder(columns).build() : input(rows, path, columns);
          if (records != null) {
            groups.put(name, records);
          }
        });
    return input == null || output == null || groups.size() < groupSchemas.size()
        ? null
        : new SpecTest(values.text("name"), spec, input, groups, output, rejects);
  }

  private @Nullable RecordBatch input(Values values, String key, RecordSchema schema) {
    return input(values.get(key, Node.class), Interpolation.join(values.path(), key), schema);
  }

  private @Nullable RecordBatch input(Node node, String path, RecordSchema schema) {
    Expected rows = expected(node, path);
    if (rows == null) {
      return null;
    }
    int before = problems.count();
    for (String column : rows.columns()) {
      if (!schema.contains(column)) {
        problems.add(
            node, path, "Unknown column: '" + column + "'" + Spelling.hint(column, schema.names()));
      }
    }
    RecordBatch.Builder batch = RecordBatch.builder(schema);
    for (int r = 0; r < rows.rows().size() && problems.count() == before; r++) {
      for (int c = 0; c < schema.size(); c++) {
        int given = rows.columns().indexOf(schema.field(c).name());
        String cell = given < 0 ? null : rows.rows().get(r).get(given);
        try {
          batch.column(c).append(cell == null ? null : Cells.parse(schema.field(c).type(), cell));
        } catch (IllegalArgumentException e) {
          problems.add(
              node, path, "Row " + (r + 1) + ", " + schema.field(c).name() + ": " + e.getMessage());
          return null;
        }
      }
      batch.endRecord();
    }
    return problems.count() > before ? null : batch.build();
  }

  private @Nullable Expected expected(Values values, String key) {
    return expected(values.get(key, Node.class), Interpolation.join(values.path(), key));
  }

  private @Nullable Expected expected(Node node, String path) {
    try {
      return node instanceof Node.Scalar csv ? csv(csv.text()) : rows(node);
    } catch (IllegalArgumentException e) {
      problems.add(node, path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static Expected csv(String text) {
    List<List<@Nullable String>> rows = CsvText.rows(text);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("Missing rows (must be CSV with a header, or a list)");
    }
    List<String> header = new ArrayList<>();
    for (String name : rows.get(0)) {
      if (name == null) {
        throw new IllegalArgumentException("Invalid CSV header: an empty column name");
      }
      header.add(name);
    }
    for (int i = 1; i < rows.size(); i++) {
      if (rows.get(i).size() != header.size()) {
        throw new IllegalArgumentException(
            "Row " + i + " has " + rows.get(i).size() + " cells (must be " + header.size() + ")");
      }
    }
    return new Expected(header, rows.subList(1, rows.size()));
  }

  private static Expected rows(Node node) {
    if (!(node instanceof Node.Sequence sequence)) {
      throw new IllegalArgumentException(
          "Invalid rows (must be CSV with a header, or a list of rows)");
    }
    Map<String, Integer> columns = new LinkedHashMap<>();
    for (Node item : sequence.items()) {
      if (!(item instanceof Node.Mapping row)) {
        throw new IllegalArgumentException(
            "Invalid row: " + item.kind() + " (must be column: value)");
      }
      row.entries().forEach(e -> columns.putIfAbsent(e.key().text(), columns.size()));
    }
    if (columns.isEmpty() && !sequence.items().isEmpty()) {
      throw new IllegalArgumentException("Invalid row: without a column (must be column: value)");
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (Node item : sequence.items()) {
      List<@Nullable String> cells = new ArrayList<>();
      for (String column : columns.keySet()) {
        Node value = ((Node.Mapping) item).get(column);
        cells.add(value == null ? null : cell(value));
      }
      rows.add(cells);
    }
    return new Expected(List.copyOf(columns.keySet()), rows);
  }

  private static @Nullable String cell(Node node) {
    if (node instanceof Node.Scalar scalar) {
      return scalar.isNull() ? null : scalar.text();
    }
    if (node instanceof Node.Sequence sequence) {
      return "["
          + String.join(", ", sequence.items().stream().map(n -> "" + cell(n)).toList())
          + "]";
    }
    throw new IllegalArgumentException(
        "Invalid cell: " + node.kind() + " (must be one value or a list)");
  }
}
