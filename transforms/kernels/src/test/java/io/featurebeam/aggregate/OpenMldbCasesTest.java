package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Journal;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Expression;
import io.featurebeam.expression.Expressions;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What OpenMLDB's own cases expect of windows and aggregates, under the profile {@code openmldb}.
 * {@code openmldb.json} has the cases and where they come from; what FeatureBeam has no word for is
 * listed there with its name, a case or a column of one.
 *
 * <p>How OpenMLDB's SQL is said here: {@code ROWS BETWEEN} n and m is a lifetime with a row delay
 * of m and a row cap; {@code EXCLUDE CURRENT_TIME} is {@code ties: none}. It stores rows in the
 * order in which they come, and of equal times a row sees those before it: so the declared sequence
 * is that order. Where the order of arrival counts across times, a row is what it was when it came,
 * the first revision of a stream. An expression as argument is a feature before the aggregate. It
 * computes with float32 where FeatureBeam has float64 alone: fractions are compared to six digits.
 * The rows of a union's other inputs are events without a row.
 */
class OpenMldbCasesTest {

  private static final String ROW = "row_of_the_input";
  private static final String TIME = "time of the window";
  private static final String ARGUMENT = "argument of the aggregate";

  private static JsonNode file() throws IOException {
    try (InputStream in = OpenMldbCasesTest.class.getResourceAsStream("openmldb.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  @TestFactory
  Stream<DynamicTest> casesGiveWhatOpenMldbSays() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode c : file().get("cases")) {
      tests.add(
          DynamicTest.dynamicTest(
              c.get("name").textValue(), () -> assertEquals(expected(c), actual(c))));
    }
    return tests.stream();
  }

  @Test
  void nineInTenApplyAndWhatIsLeftOutIsNamed() throws IOException {
    Set<String> applied = new TreeSet<>();
    file().get("cases").forEach(c -> applied.add(unique(c)));
    Set<String> all = new TreeSet<>(applied);
    for (JsonNode excluded : file().get("excluded")) {
      assertFalse(excluded.get("missing").textValue().isBlank(), excluded.toString());
      all.add(unique(excluded));
    }
    assertEquals(147, all.size());
    assertEquals(138, applied.size());
    assertTrue(applied.size() >= 0.9 * all.size(), applied.size() + " of " + all.size());
    assertEquals(257, file().get("cases").size());
    assertEquals(10, file().get("excluded").size());
  }

  /** The case there of which this is one variant. */
  private static String unique(JsonNode c) {
    return c.get("name").textValue().replaceAll("^(\\S+ \\S+).*", "$1");
  }

  /** Rows in any order, as text: what is shown of the input, then the features. */
  private static List<String> expected(JsonNode c) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : c.get("expected")) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        JsonNode feature = c.get("features").get(i - c.get("shown").size());
        cells.add(row.get(i).isObject() ? members(row.get(i), feature) : text(value(row.get(i))));
      }
      rows.add(cells.toString());
    }
    rows.sort(String::compareTo);
    return rows;
  }

  private static List<String> actual(JsonNode c) throws IOException {
    List<Field> fields = new ArrayList<>();
    c.get("columns")
        .fields()
        .forEachRemaining(
            e -> fields.add(Field.of(e.getKey(), FieldType.parse(e.getValue().textValue()))));
    fields.add(Field.required(ROW, FieldType.INT64));
    fields.add(Field.required(TIME, FieldType.TIMESTAMP));
    RecordSchema schema = RecordSchema.of(fields);
    int rows = c.get("rows").size();
    List<List<String>> cells = new ArrayList<>();
    for (JsonNode row : c.get("rows")) {
      List<String> shown = new ArrayList<>();
      c.get("shown")
          .forEach(name -> shown.add(text(value(row.get(schema.indexOf(name.textValue()))))));
      cells.add(shown);
    }
    for (JsonNode feature : c.get("features")) {
      int time = schema.indexOf(feature.get("time").textValue());
      boolean isTime = schema.fields().get(time).type().equals(FieldType.TIMESTAMP);
      List<JsonNode> all = new ArrayList<>();
      c.get("rows").forEach(all::add);
      feature
          .path("union")
          .forEach(input -> c.get("inputs").get(input.intValue()).forEach(all::add));
      List<List<@Nullable Object>> events = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        List<@Nullable Object> event = new ArrayList<>();
        all.get(i).forEach(cell -> event.add(value(cell)));
        event.add(i < rows ? (long) i : -1L);
        event.add((Long) event.get(time) * (isTime ? 1 : 1000)); // a number is milliseconds
        events.add(event);
      }
      RecordBatch records = withArgument(feature, schema, events);
      BoundAggregates plan = BoundAggregates.bind(spec(feature), records.schema());
      List<List<@Nullable Object>> found =
          c.has("firstRevision")
              ? firstRevisions(plan, records)
              : Plans.all(2).rows(plan, Plans.events(records.schema(), Plans.rows(records)), rows);
      for (List<@Nullable Object> row : found) {
        Object value = row.get(records.schema().size());
        cells
            .get((int) (long) (Long) row.get(schema.indexOf(ROW)))
            .add(
                feature.has("per")
                    ? members(new ObjectMapper().readTree((String) value), feature)
                    : text(value));
      }
    }
    List<String> texts = new ArrayList<>(cells.stream().map(List::toString).toList());
    texts.sort(String::compareTo);
    return texts;
  }

  /** With a column more where the argument of the aggregate is an expression. */
  private static RecordBatch withArgument(
      JsonNode feature, RecordSchema schema, List<List<@Nullable Object>> events) {
    RecordBatch.Builder builder = RecordBatch.builder(schema);
    events.forEach(event -> builder.add(event.toArray()));
    RecordBatch records = builder.build();
    if (!feature.has("expression")) {
      return records;
    }
    Expression argument = Expressions.compile(feature.get("expression").textValue(), schema);
    List<Column> columns = new ArrayList<>(records.columns());
    columns.add(argument.evaluate(records));
    return RecordBatch.of(
        schema.with(Field.of(ARGUMENT, argument.type())), records.size(), columns);
  }

  /** What a stream gives of each row at once when it comes. */
  private static List<List<@Nullable Object>> firstRevisions(
      BoundAggregates plan, RecordBatch records) {
    LiveShard shard = new LiveShard(plan, Long.MAX_VALUE);
    Journal none = Journal.in(new HashMap<>());
    Map<Object, List<@Nullable Object>> first = new LinkedHashMap<>();
    int row = records.schema().indexOf(ROW);
    for (int i = 0; i < records.size(); i++) {
      shard.add(
          records.slice(i, i + 1),
          none,
          out -> Plans.rows(out).forEach(r -> first.putIfAbsent(r.get(row), r)));
    }
    return List.copyOf(first.values());
  }

  private static WindowedAggregates spec(JsonNode feature) {
    List<String> keys = new ArrayList<>();
    feature.get("keys").forEach(key -> keys.add(key.textValue()));
    Window window =
        feature.has("window")
            ? new Window(Math.max(1, feature.get("window").longValue() * 1000))
            : Window.LIFETIME;
    WindowBounds profile = WindowBounds.OPENMLDB;
    WindowBounds bounds =
        new WindowBounds(
            profile.leftClosed() && !feature.has("leftOpen"),
            profile.rightClosed() && !feature.has("rightOpen"),
            feature.path("delay").longValue() * 1000,
            0,
            feature.path("rowCap").intValue(),
            feature.has("excludeCurrent"),
            feature.path("rowDelay").intValue(),
            feature.has("ties") ? WindowBounds.Ties.NONE : profile.ties());
    String where = feature.has("where") ? feature.get("where").textValue() : null;
    return new WindowedAggregates(
        keys,
        TIME,
        ROW,
        Emission.everyEvent(),
        List.of(
            new Group(
                List.of(window), bounds, List.of(new Feature("f", aggregate(feature), where)))),
        feature.has("union") ? ROW + " >= 0" : null,
        null);
  }

  private static Aggregate aggregate(JsonNode feature) {
    String column = feature.has("expression") ? ARGUMENT : feature.path("column").textValue();
    Aggregate aggregate =
        switch (feature.get("function").textValue()) {
          case "count" -> new Count(column);
          case "sum" -> Aggregates.sum(column);
          case "mean" -> Aggregates.mean(column);
          case "min" -> Aggregates.min(column);
          case "max" -> Aggregates.max(column);
          case "distinct" -> Aggregates.distinct(column);
          case "median" -> Aggregates.quantile(column, 0.5);
          case "first" -> Aggregates.first(column);
          case "last" -> Aggregates.last(column);
          case "lag" -> Aggregates.lag(column, feature.get("n").intValue());
          default -> throw new IllegalArgumentException("No aggregate for " + feature);
        };
    if (!feature.has("per")) {
      return aggregate;
    }
    String category = feature.get("per").textValue();
    return feature.has("top")
        ? Aggregates.perLargestCategory(aggregate, category, feature.get("top").intValue())
        : Aggregates.perCategory(aggregate, category);
  }

  private static @Nullable Object value(JsonNode cell) {
    if (cell.isNull()) {
      return null;
    } else if (cell.isBoolean()) {
      return cell.booleanValue();
    } else if (cell.isIntegralNumber()) {
      return cell.longValue();
    }
    return cell.isNumber() ? (Object) cell.doubleValue() : cell.textValue();
  }

  /** In the order there where it matters. */
  private static String members(JsonNode object, JsonNode feature) {
    Map<String, String> members = feature.has("top") ? new LinkedHashMap<>() : new TreeMap<>();
    object.fields().forEachRemaining(e -> members.put(e.getKey(), text(value(e.getValue()))));
    return members.toString();
  }

  private static String text(@Nullable Object value) {
    return value instanceof Number number
        ? String.format(Locale.ROOT, "%.6f", number.doubleValue())
        : String.valueOf(value);
  }
}
