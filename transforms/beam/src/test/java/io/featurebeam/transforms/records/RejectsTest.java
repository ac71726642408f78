package io.featurebeam.transforms.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RejectsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("date", FieldType.TIMESTAMP),
          Field.of("delay", FieldType.FLOAT64),
          Field.of("name", FieldType.STRING));
  private static final RecordBatch BATCH =
      RecordBatch.builder(SCHEMA)
          .add(1_000_000L, -300.0, "Ann \"x\"")
          .add(2_000_000L, Double.NaN, null)
          .build(Positions.contiguous("flights.csv", 40));

  @Test
  void aRejectHoldsTheRecordTheRuleAndThePlace() {
    Rejects.Builder rejects = new Rejects.Builder("validate", Set.of(), 99);
    rejects.add(BATCH, 0, "date", "between(delay)", List.of("delay"), "-300.0", "delay is -300.0");
    rejects.add(BATCH.withPositions(Positions.unknown()), 1, null, "r", List.of(), null, "no");
    assertEquals(2, rejects.size());
    assertEquals(
        RecordBatch.builder(Rejects.SCHEMA)
            .add(
                "validate",
                "between(delay)",
                "delay",
                "-300.0",
                "delay is -300.0",
                "flights.csv",
                40L,
                1_000_000L,
                99L,
                "{\"date\":\"1970-01-01T00:00:01Z\",\"delay\":-300.0,\"name\":\"Ann \\\"x\\\"\"}",
                null)
            .add(
                "validate",
                "r",
                null,
                null,
                "no",
                null,
                null,
                null,
                99L,
                "{\"date\":\"1970-01-01T00:00:02Z\",\"delay\":\"NaN\",\"name\":null}",
                null)
            .build(),
        rejects.build());
    assertEquals(0, rejects.build().size());
  }

  @Test
  void maskedColumnsAreNeverInClear() {
    Rejects.Builder rejects = new Rejects.Builder("validate", Set.of("name"), 99);
    rejects.add(BATCH, 0, null, "matches(name)", List.of("name"), "Ann", "name is Ann");
    rejects.addMalformed("f", 3, "Ann;x".getBytes(UTF_8), "Ann is not a number");
    RecordBatch batch = rejects.build();
    assertEquals("***", batch.value(0, "observed"));
    assertEquals("a masked value fails matches(name)", batch.value(0, "reason"));
    assertEquals(
        "{\"date\":\"1970-01-01T00:00:01Z\",\"delay\":-300.0,\"name\":\"***\"}",
        batch.value(0, "record"));
    assertEquals(
        "the record cannot be parsed (details withheld: masked columns)", batch.value(1, "reason"));
    assertEquals(null, batch.value(1, "raw"));
  }

  @Test
  void aMaskedEventTimeIsLeftOut() {
    Rejects.Builder rejects = new Rejects.Builder("validate", Set.of("date"), 99);
    rejects.add(BATCH, 0, "date", "r", List.of("delay"), "-300.0", "no");
    RecordBatch batch = rejects.build();
    assertEquals(null, batch.value(0, "event_time"));
    assertEquals(
        "{\"date\":\"***\",\"delay\":-300.0,\"name\":\"Ann \\\"x\\\"\"}", batch.value(0, "record"));
  }

  @Test
  void malformedBytesAreKeptAsTheyAre() {
    Rejects.Builder rejects = new Rejects.Builder("read", Set.of(), 99);
    byte[] raw = {(byte) 0xFF, 'a'};
    rejects.addMalformed("f.csv", 3, raw, "bad");
    assertEquals(
        RecordBatch.builder(Rejects.SCHEMA)
            .add("read", "malformed", null, null, "bad", "f.csv", 3L, null, 99L, null, raw)
            .build(),
        rejects.build());
  }

  @Test
  void jsonKnowsEveryType() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("b", FieldType.BOOLEAN),
            Field.of("y", FieldType.BYTES),
            Field.of("d", FieldType.DATE),
            Field.of("t", FieldType.TIME),
            Field.of("l", FieldType.listOf(FieldType.FLOAT64)));
    RecordBatch batch =
        RecordBatch.builder(schema)
            .add(
                true, new byte[] {1, 2}, 1L, 0L, Arrays.asList(1.5, Double.NEGATIVE_INFINITY, null))
            .build();
    assertEquals(
        "{\"b\":true,\"y\":\"AQI=\",\"d\":\"1970-01-02\",\"t\":\"00:00\","
            + "\"l\":[1.5,\"-Infinity\",null]}",
        Rejects.json(batch, 0, Set.of()));
  }
}
