package io.featurebeam.io.file.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.TimeUnit;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionerTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE),
          Field.of("country", FieldType.STRING),
          Field.of("n", FieldType.INT64),
          Field.of("flag", FieldType.BOOLEAN));

  private static Map<List<@Nullable String>, List<List<@Nullable Object>>> split(
      RecordBatch batch, String... by) {
    Map<List<@Nullable String>, List<List<@Nullable Object>>> found = new LinkedHashMap<>();
    for (Partitioner.Slice slice : new Partitioner(PartitionBy.parse(by)).split(batch)) {
      assertTrue(
          found.put(slice.values(), ParquetFiles.rows(List.of(slice.batch()))) == null,
          "each partition once");
    }
    return found;
  }

  /** The same record by record. */
  private static Map<List<@Nullable String>, List<List<@Nullable Object>>> expected(
      RecordBatch batch, String... by) {
    List<List<@Nullable Object>> rows = ParquetFiles.rows(List.of(batch));
    Map<List<@Nullable String>, List<List<@Nullable Object>>> expected = new LinkedHashMap<>();
    for (int row = 0; row < batch.size(); row++) {
      List<@Nullable String> values = new ArrayList<>();
      for (PartitionBy.Part part : PartitionBy.parse(by).parts()) {
        values.add(text(batch.column(part.column()).value(row), part.column(), part.unit()));
      }
      expected.computeIfAbsent(values, v -> new ArrayList<>()).add(rows.get(row));
    }
    return expected;
  }

  private static @Nullable String text(
      @Nullable Object value, String column, @Nullable TimeUnit unit) {
    if (value == null) {
      return null;
    }
    if (column.equals("day")) {
      String day = LocalDate.ofEpochDay((Long) value).toString();
      return unit == TimeUnit.MONTH ? day.substring(0, day.length() - 3) : day;
    }
    return unit == null ? value.toString() : unit.format((Long) value);
  }

  @Test
  void randomBatchesAreSplitAsRecordByRecord() {
    SplittableRandom seeds = new SplittableRandom(1);
    String[][] declarations = {
      {"hour(at)"},
      {"day(at)"},
      {"month(at)", "country"},
      {"year(at)"},
      {"day"},
      {"month(day)"},
      {"country"},
      {"n", "flag"},
      {"flag", "country", "day(at)"}
    };
    for (int i = 0; i < 300; i++) {
      RecordBatch batch = new RandomBatches(seeds.split()).batch(SCHEMA, 1 + i % 150);
      String[] by = declarations[i % declarations.length];
      assertEquals(expected(batch, by), split(batch, by), Arrays.toString(by));
    }
  }

  @Test
  void orderOfRecordsInAPartitionIsKept() {
    RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
    for (long i = 0; i < 6; i++) {
      rows.add(-1L + i % 2, null, null, i, null);
    }
    Map<List<@Nullable String>, List<List<@Nullable Object>>> found =
        split(rows.build(), "hour(at)");
    assertEquals(
        List.of("1969-12-31-23", "1970-01-01-00"),
        found.keySet().stream().map(k -> k.get(0)).toList());
    assertEquals(
        List.of(0L, 2L, 4L),
        found.get(List.of("1969-12-31-23")).stream().map(r -> r.get(3)).toList());
  }

  @Test
  void batchOfOnePartitionIsNotCopied() {
    RecordBatch batch =
        RecordBatch.builder(SCHEMA).add(1L, 1L, "NZ", 1L, true).add(2L, 1L, "NZ", 2L, true).build();
    List<Partitioner.Slice> slices =
        new Partitioner(PartitionBy.parse("day(at)", "country", "flag")).split(batch);
    assertEquals(1, slices.size());
    assertEquals(List.of("1970-01-01", "NZ", "true"), slices.get(0).values());
    assertSame(batch, slices.get(0).batch());
  }

  @Test
  void withoutPartitionsThereIsOneSliceAndOfNoRecordsNone() {
    RecordBatch batch = RecordBatch.builder(SCHEMA).add(1L, 1L, "NZ", 1L, true).build();
    assertSame(batch, new Partitioner(PartitionBy.none()).split(batch).get(0).batch());
    RecordBatch none = RecordBatch.builder(SCHEMA).build();
    assertEquals(List.of(), new Partitioner(PartitionBy.parse("country")).split(none));
  }
}
