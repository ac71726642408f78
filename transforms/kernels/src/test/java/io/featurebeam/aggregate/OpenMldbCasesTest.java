package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
 * <p>OpenMLDB computes with float32 where FeatureBeam has float64 alone, so fractions are compared
 * to six digits. A window of rows is one of a lifetime with a row cap; one that ends with the row
 * before leaves the current event out. The rows of a union's other inputs are events without a row.
 */
class OpenMldbCasesTest {

  private static final String ROW = "row_of_the_input";
  private static final String TIME = "time of the window";

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
  void whatIsLeftOutIsNamed() throws IOException {
    for (JsonNode excluded : file().get("excluded")) {
      assertFalse(excluded.get("missing").textValue().isBlank(), excluded.toString());
    }
    assertEquals(194, file().get("cases").size());
    assertEquals(73, file().get("excluded").size());
  }

  /** Rows in any order, as text: what is shown of the input, then the features. */
  private static List<String> expected(JsonNode c) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : c.get("expected")) {
      List<String> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(cell.isObject() ? members(cell) : text(value(cell))));
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
      BoundAggregates plan = BoundAggregates.bind(spec(feature), schema);
      for (List<@Nullable Object> row :
          Plans.all(2).rows(plan, Plans.events(schema, events), rows)) {
        Object value = row.get(schema.size());
        cells
            .get((int) (long) (Long) row.get(schema.indexOf(ROW)))
            .add(
                feature.has("per")
                    ? members(new ObjectMapper().readTree((String) value))
                    : text(value));
      }
    }
    List<String> texts = new ArrayList<>(cells.stream().map(List::toString).toList());
    texts.sort(String::compareTo);
    return texts;
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
            feature.has("excludeCurrent"));
    String where = feature.has("where") ? feature.get("where").textValue() : null;
    return new WindowedAggregates(
        keys,
        TIME,
        null,
        Emission.everyEvent(),
        List.of(
            new Group(
                List.of(window), bounds, List.of(new Feature("f", aggregate(feature), where)))),
        feature.has("union") ? ROW + " >= 0" : null,
        null);
  }

  private static Aggregate aggregate(JsonNode feature) {
    String column = feature.path("column").textValue();
    Aggregate aggregate =
        switch (feature.get("function").textValue()) {
          case "count" -> new Count(column);
          case "sum" -> Aggregates.sum(column);
          case "mean" -> Aggregates.mean(column);
          case "min" -> Aggregates.min(column);
          case "max" -> Aggregates.max(column);
          case "distinct" -> Aggregates.distinct(column);
          case "median" -> Aggregates.quantile(column, 0.5);
          case "last" -> Aggregates.last(column);
          default -> throw new IllegalArgumentException("No aggregate for " + feature);
        };
    return feature.has("per")
        ? Aggregates.perCategory(aggregate, feature.get("per").textValue())
        : aggregate;
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

  private static String members(JsonNode object) {
    Map<String, String> members = new TreeMap<>();
    object.fields().forEachRemaining(e -> members.put(e.getKey(), text(value(e.getValue()))));
    return members.toString();
  }

  private static String text(@Nullable Object value) {
    return value instanceof Number number
        ? String.format(Locale.ROOT, "%.6f", number.doubleValue())
        : String.valueOf(value);
  }
}
