package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RangeFilterTest {

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message m {
            required int64 at (TIMESTAMP(MILLIS,true));
            optional double x;
            optional binary word (STRING);
            optional int32 small (INTEGER(32,false));
            optional int64 price (DECIMAL(10,2));
            optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
          }
          """);

  private static final int ROWS = 5000;

  @TempDir Path directory;

  /** Times ascend; the others mostly too, with pages of nulls, so that pages can be skipped. */
  private Path sorted(WriterVersion version) throws IOException {
    Random random = new Random(3);
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Group row = new SimpleGroup(SCHEMA).append("at", i * 1000L);
      boolean nullPage = i / 300 % 5 == 2;
      if (!nullPage && random.nextInt(10) > 0) {
        row.append("x", i == 4321 ? Double.NaN : i / 2.0 - 100);
        row.append("word", String.format(Locale.ROOT, "wörd-%05d", i));
        row.append("small", i - 100);
        row.append("price", i * 10L);
      }
      Group tags = row.addGroup("tags");
      for (int t = random.nextInt(4); t > 0; t--) {
        tags.addGroup("list").append("element", "tag-" + i + "-" + t);
      }
      rows.add(row);
    }
    return Samples.write(
        directory.resolve(version + ".parquet"),
        rows,
        b ->
            Samples.rowGroups(b.withWriterVersion(version), 97)
                .withRowGroupSize(80_000L)
                .withPageRowCountLimit(97));
  }

  private static Map<Long, List<Object>> rows(Path file, List<ColumnRange> ranges, int size)
      throws IOException {
    Map<Long, List<Object>> rows = new HashMap<>();
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(file.toString(), List.of(), ranges, size)) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        for (int i = 0; i < batch.size(); i++) {
          List<Object> row = new ArrayList<>();
          for (int c = 0; c < batch.columns().size(); c++) {
            row.add(String.valueOf(batch.columns().get(c).value(i)));
          }
          assertEquals(null, rows.put(batch.positions().place(i), row));
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(WriterVersion.class)
  void skippingLosesNoRowInsideAndKeepsValuesAndPositionsRight(WriterVersion version)
      throws IOException {
    Path file = sorted(version);
    Map<Long, List<Object>> all = rows(file, List.of(), 512);
    assertEquals(ROWS, all.size());
    Random random = new Random(4);
    int skipped = 0;
    for (int i = 0; i < 60; i++) {
      List<ColumnRange> ranges = randomRanges(random);
      Map<Long, List<Object>> some = rows(file, ranges, 1 + random.nextInt(700));
      some.forEach((place, row) -> assertEquals(all.get(place), row, () -> "row " + place));
      for (long place = 0; place < ROWS; place++) {
        if (!some.containsKey(place) && inside(ranges, all.get(place))) {
          fail(ranges + " lost row " + place);
        }
      }
      skipped += ROWS - some.size();
    }
    assertTrue(skipped > 20 * ROWS, "only " + skipped + " rows were skipped");
  }

  private static List<ColumnRange> randomRanges(Random random) {
    List<ColumnRange> ranges = new ArrayList<>();
    long from = random.nextInt(ROWS);
    long to = from + random.nextInt(1500);
    switch (random.nextInt(5)) {
      case 0 -> ranges.add(ColumnRange.of("at", from * 1_000_000, to * 1_000_000));
      case 1 -> ranges.add(ColumnRange.of("x", from / 2.0 - 100, to / 2.0 - 100));
      case 2 -> ranges.add(ColumnRange.of("word", word(from), word(to)));
      case 3 -> ranges.add(ColumnRange.of("price", (Double) null, to / 10.0));
      default -> ranges.add(ColumnRange.of("small", Math.max(0, from - 100), (Long) null));
    }
    if (random.nextInt(3) == 0) {
      ranges.replaceAll(ColumnRange::orNull);
    }
    if (random.nextInt(3) == 0) {
      ranges.add(ColumnRange.of("at", (from + 200) * 1_000_000, (Long) null));
    }
    return ranges;
  }

  private static String word(long i) {
    return String.format(Locale.ROOT, "wörd-%05d", i);
  }

  private static boolean inside(List<ColumnRange> ranges, List<Object> row) {
    List<String> names = List.of("at", "x", "word", "small", "price", "tags");
    for (ColumnRange range : ranges) {
      String value = (String) row.get(names.indexOf(range.column()));
      if (value.equals("null")) {
        if (range.nulls()) {
          continue;
        }
        return false;
      }
      if (value.equals("NaN")) {
        return false;
      }
      Object sample = Objects.requireNonNullElse(range.min(), range.max());
      if (sample instanceof String
          ? below(value, (String) range.min()) || below((String) range.max(), value)
          : below(number(value), range.min()) || below(range.max(), number(value))) {
        return false;
      }
    }
    return true;
  }

  private static boolean below(String a, String b) {
    return a != null && b != null && a.compareTo(b) < 0;
  }

  private static Double number(String value) {
    return Double.valueOf(value);
  }

  private static boolean below(Object a, Object b) {
    return a != null && b != null && ((Number) a).doubleValue() < ((Number) b).doubleValue();
  }

  @Test
  void narrowRangeReadsOnlyThePagesThatHoldIt() throws IOException {
    Path file = sorted(WriterVersion.PARQUET_1_0);
    Map<Long, List<Object>> rows =
        rows(file, List.of(ColumnRange.of("at", 2_000_000_000L, 2_000_500_000L)), 8192);
    assertTrue(rows.containsKey(2000L));
    assertTrue(rows.size() <= 97, "read " + rows.size() + " rows");
  }

  @Test
  void nullsOutsideTheRangeAreReadIfWanted() throws IOException {
    Path file = sorted(WriterVersion.PARQUET_1_0);
    ColumnRange none = ColumnRange.of("price", -2.0, -1.0);
    assertEquals(Map.of(), rows(file, List.of(none), 8192));
    Map<Long, List<Object>> rows = rows(file, List.of(none.orNull()), 8192);
    assertTrue(rows.containsKey(2L * 300), "a page of nulls");
    ColumnRange never = ColumnRange.of("at", -5L, -1L).orNull(); // the column has no nulls
    assertEquals(Map.of(), rows(file, List.of(never), 8192));
  }

  @Test
  void rangeBeyondAllValuesReadsNothing() throws IOException {
    Path file = sorted(WriterVersion.PARQUET_2_0);
    assertEquals(Map.of(), rows(file, List.of(ColumnRange.of("at", -5L, -1L)), 100));
    assertEquals(Map.of(), rows(file, List.of(ColumnRange.of("word", "x", (String) null)), 100));
  }

  @Test
  void rangeColumnNeedNotBeRead() throws IOException {
    Path file = sorted(WriterVersion.PARQUET_1_0);
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(
            file.toString(),
            List.of("at"),
            List.of(ColumnRange.of("word", word(3000), word(3000))))) {
      RecordBatch batch = Objects.requireNonNull(reader.next());
      long first = batch.positions().place(0);
      assertTrue(first <= 3000 && first + batch.size() > 3000);
      assertEquals(first * 1_000_000, ((LongColumn) batch.column("at")).get(0));
    }
  }

  @Test
  void rangeOfTheWrongTypeIsRefused() throws IOException {
    Path file = sorted(WriterVersion.PARQUET_1_0);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> rows(file, List.of(ColumnRange.of("at", 1.0, 2.0)), 8));
    assertEquals(
        "Invalid range of column 'at': 1.0 to 2.0 for type timestamp (must be Long for int64,"
            + " timestamp, date and time, Double for float64, String for string; other types have"
            + " no range)",
        e.getMessage());
  }

  @Test
  void rangeWithoutEndsIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> ColumnRange.of("at", (Long) null, (Long) null));
    assertEquals(
        "Invalid range of column 'at': neither minimum nor maximum (give one)", e.getMessage());
  }
}
