package io.featurebeam.transforms.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SavedPlanTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("time", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64));
  private static final Map<String, String> SAVED =
      plan("card", Emission.everyEvent(), "1h", WindowBounds.DEFAULT, null, SCHEMA, 60, "sum");

  private static Map<String, String> plan(
      String key,
      Emission emission,
      String window,
      WindowBounds bounds,
      String where,
      RecordSchema schema,
      long lateness,
      String definition) {
    Group group =
        new Group(
            List.of(Window.of(window)),
            bounds,
            List.of(new Feature("spent", Aggregates.sum("amount"), where)));
    return SavedPlan.of(
        new WindowedAggregates(List.of(key), "time", null, emission, List.of(group)),
        schema,
        lateness,
        Map.of("features.amount", definition));
  }

  private static List<String> differing(Map<String, String> now) {
    return SavedPlan.differing(SAVED, now);
  }

  @Test
  void eachPartThatStateDependsOnIsToldByItsName() {
    assertEquals(
        List.of("keys (was card, is amount)"),
        differing(
            plan(
                "amount",
                Emission.everyEvent(),
                "1h",
                WindowBounds.DEFAULT,
                null,
                SCHEMA,
                60,
                "sum")));
    assertEquals(
        List.of("aggregate.emit"),
        differing(
            plan(
                "card",
                Emission.every(3_600_000_000L),
                "1h",
                WindowBounds.DEFAULT,
                null,
                SCHEMA,
                60,
                "sum")));
    assertEquals(
        List.of("aggregate.window"),
        differing(
            plan(
                "card",
                Emission.everyEvent(),
                "2h",
                WindowBounds.DEFAULT,
                null,
                SCHEMA,
                60,
                "sum")));
    assertEquals(
        List.of("aggregate.window"),
        differing(
            plan(
                "card", Emission.everyEvent(), "1h", WindowBounds.FEAST, null, SCHEMA, 60, "sum")));
    assertEquals(
        List.of("aggregate.features.spent", "features.amount"),
        differing(
            plan(
                "card",
                Emission.everyEvent(),
                "1h",
                WindowBounds.DEFAULT,
                "amount > 1.0",
                SCHEMA,
                60,
                "max")));
  }

  @Test
  void eventsMayBeOpenForLessTimeButNotForMore() {
    assertEquals(List.of(), differing(lateness(60)));
    assertEquals(List.of(), differing(lateness(0)));
    assertEquals(List.of("lateness (was 60, is 61)"), differing(lateness(61)));
  }

  private static Map<String, String> lateness(long micros) {
    return plan(
        "card", Emission.everyEvent(), "1h", WindowBounds.DEFAULT, null, SCHEMA, micros, "sum");
  }

  @Test
  void columnsMayComeAndGoButNotChange() {
    assertEquals(List.of(), differing(columns(SCHEMA.with(Field.of("fee", FieldType.INT64)))));
    assertEquals(
        List.of(),
        SavedPlan.differing(columns(SCHEMA.with(Field.of("fee", FieldType.INT64))), SAVED));
    assertEquals(
        List.of("columns.fee (was none, is int64 required)"),
        differing(columns(SCHEMA.with(Field.required("fee", FieldType.INT64)))));
    assertEquals(
        List.of("columns.amount (was float64, is int64)"),
        differing(
            columns(
                RecordSchema.of(
                    Field.of("card", FieldType.STRING),
                    Field.of("time", FieldType.TIMESTAMP),
                    Field.of("amount", FieldType.INT64)))));
  }

  private static Map<String, String> columns(RecordSchema schema) {
    return plan("card", Emission.everyEvent(), "1h", WindowBounds.DEFAULT, null, schema, 60, "sum");
  }
}
