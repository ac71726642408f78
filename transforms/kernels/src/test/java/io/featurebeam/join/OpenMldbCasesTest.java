package io.featurebeam.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.aggregate.Plans;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.WindowBounds;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What OpenMLDB's own cases expect of {@code LAST JOIN}. {@code openmldb.json} has the cases and
 * where they come from; what FeatureBeam has no word for is listed there with its name.
 *
 * <p>How OpenMLDB's SQL is said here: what it orders by is the time of a row, a number being
 * milliseconds; without an order that is the time of its index, or the order in which rows were
 * stored. As no time is asked for, labels are of a time after all rows. Equalities are keys, other
 * conditions {@code where}. It computes with float32 where FeatureBeam has float64 alone.
 */
class OpenMldbCasesTest {

  private static final String AT = "time of the label";
  private static final String TIME = "time of the row";
  private static final long AFTER_ALL = 253_402_300_800_000_000L;

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
    int applied = file().get("cases").size();
    int all = applied + file().get("excluded").size();
    for (JsonNode excluded : file().get("excluded")) {
      assertFalse(excluded.get("missing").textValue().isBlank(), excluded.toString());
    }
    assertEquals(39, all);
    assertEquals(37, applied);
    assertTrue(applied >= 0.9 * all, applied + " of " + all);
  }

  private static List<String> expected(JsonNode c) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : c.get("expected")) {
      List<String> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(text(value(cell))));
      rows.add(cells.toString());
    }
    rows.sort(String::compareTo);
    return rows;
  }

  private static List<String> actual(JsonNode c) {
    RecordSchema labelSchema = schema(c.get("labels"), AT);
    List<Map<String, @Nullable Object>> labels = records(c.get("labels"), labelSchema);
    labels.forEach(label -> label.put(AT, AFTER_ALL));
    PointInTime join = PointInTime.at(AT);
    List<RecordSchema> schemas = new ArrayList<>();
    List<List<Map<String, @Nullable Object>>> tables = new ArrayList<>();
    List<String> shown = new ArrayList<>();
    c.get("shown").forEach(column -> shown.add(column.textValue()));
    for (JsonNode group : c.get("groups")) {
      String name = "table" + tables.size();
      Map<String, String> keys = new LinkedHashMap<>();
      group.get("keys").fields().forEachRemaining(e -> keys.put(e.getKey(), e.getValue().asText()));
      Map<String, String> columns = new LinkedHashMap<>();
      group.get("shown").forEach(column -> columns.put(column.asText(), name + "." + column));
      shown.addAll(columns.values());
      RecordSchema schema = schema(group, TIME);
      schemas.add(schema);
      tables.add(timed(records(group, schema), group.path("orderBy").textValue(), schema));
      join =
          join.join(
              new AsOfGroup(
                  name,
                  keys,
                  TIME,
                  null,
                  columns,
                  WindowBounds.FEAST,
                  group.path("where").textValue(),
                  PointInTime.ANY_AGE,
                  0,
                  false));
    }
    BoundJoin plan = BoundJoin.bind(join, labelSchema, schemas);
    List<String> rows = new ArrayList<>();
    for (List<@Nullable Object> row :
        new JoinPlans(2, Long.MAX_VALUE).rows(plan, schemas, labels, tables, labels.size())) {
      List<String> cells = new ArrayList<>();
      shown.forEach(column -> cells.add(text(row.get(plan.outputSchema().indexOf(column)))));
      rows.add(cells.toString());
    }
    rows.sort(String::compareTo);
    return rows;
  }

  private static RecordSchema schema(JsonNode input, String time) {
    List<Field> fields = new ArrayList<>();
    input
        .get("columns")
        .fields()
        .forEachRemaining(
            e -> fields.add(Field.of(e.getKey(), FieldType.parse(e.getValue().textValue()))));
    fields.add(Field.required(time, FieldType.TIMESTAMP));
    return RecordSchema.of(fields);
  }

  private static List<Map<String, @Nullable Object>> records(JsonNode input, RecordSchema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (JsonNode row : input.get("rows")) {
      List<@Nullable Object> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(value(cell)));
      cells.add(null);
      rows.add(cells);
    }
    return Plans.events(schema, rows);
  }

  private static List<Map<String, @Nullable Object>> timed(
      List<Map<String, @Nullable Object>> rows, @Nullable String orderBy, RecordSchema schema) {
    for (int i = 0; i < rows.size(); i++) {
      if (orderBy == null) {
        rows.get(i).put(TIME, (long) i);
      } else {
        boolean isTime = schema.field(orderBy).type().equals(FieldType.TIMESTAMP);
        rows.get(i).put(TIME, (Long) rows.get(i).get(orderBy) * (isTime ? 1 : 1000));
      }
    }
    return rows;
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

  private static String text(@Nullable Object value) {
    return value instanceof Number number
        ? String.format(Locale.ROOT, "%.6f", number.doubleValue())
        : String.valueOf(value);
  }
}
