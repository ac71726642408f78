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
 */
public final class SpecTestParser {

  private static final Shape.Section TEST =
      Shape.Section.of(
          required("name", SpecShape.TEXT, "Says the case and the result."),
          required("input", new Shape.Rows(), "The records."),
          required("output", new Shape.Rows(), "The rows expected, in any order."),
          optional("rejects", new Shape.Rows(), "The rejects expected; none if left out."));

  private static final Shape.Section FILE =
      Shape.Section.of(
          optional("spec", SpecShape.PATH, "The spec's file."),
          optional("columns", new Shape.Named("column", SpecShape.TYPE), "Types of the input."),
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
    RecordSchema schema = schema(file, spec);
    List<SpecTest> tests = new ArrayList<>();
    if (schema != null) {
      List<Values> cases = file.list("tests", Values.class);
      for (int i = 0; i < cases.size(); i++) {
        SpecTest test = test(cases.get(i), file.orNull("spec", String.class), schema);
        if (test != null) {
          tests.add(test);
        }
      }
    }
    problems.throwIfAny();
    return List.copyOf(tests);
  }

  private @Nullable RecordSchema schema(Values file, PipelineSpec spec) {
    Map<String, FieldType> columns = file.map("columns", FieldType.class);
    SourceSpec source =
        spec.source() instanceof SourceSpec.Hybrid hybrid ? hybrid.stream() : spec.source();
    if (columns.isEmpty() && source instanceof SourceSpec.Csv csv) {
      columns = csv.columns();
    } else if (columns.isEmpty() && source instanceof SourceSpec.Json json) {
      columns = json.columns();
    } else if (columns.isEmpty() && source instanceof KafkaSource kafka) {
      columns = kafka.columns();
    }
    if (columns.isEmpty()) {
      problems.add(
          file.node(),
          "",
          "Missing key: 'columns': the types of the input; use for example columns: { date:"
              + " timestamp, delay: float64 }");
      return null;
    }
    List<Field> fields = new ArrayList<>();
    columns.forEach((name, type) -> fields.add(Field.of(name, type)));
    return RecordSchema.of(fields);
  }

  private @Nullable SpecTest test(Values values, @Nullable String spec, RecordSchema schema) {
    RecordBatch input = input(values, schema);
    Expected output = expected(values, "output");
    Expected rejects = values.has("rejects") ? expected(values, "rejects") : null;
    return input == null || output == null
        ? null
        : new SpecTest(values.text("name"), spec, input, output, rejects);
  }

  private @Nullable RecordBatch input(Values values, RecordSchema schema) {
    Node node = values.get("input", Node.class);
    String path = Interpolation.join(values.path(), "input");
    Expected rows = expected(values, "input");
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
    Node node = values.get(key, Node.class);
    String path = Interpolation.join(values.path(), key);
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
