package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.time.Micros;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchPrinterTest {

  @Test
  void printsAnAlignedTableAndCountsTheRest() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("time", FieldType.TIMESTAMP),
            Field.of("delay", FieldType.FLOAT64),
            Field.of("origin", FieldType.STRING));
    RecordBatch batch =
        RecordBatch.builder(schema)
            .add(-1L, 1.5, "SFO")
            .add(978_307_200_000_000L, -180.0, null)
            .add(0L, null, "x")
            .build();
    assertEquals(
        """
        time                          delay  origin
        1969-12-31T23:59:59.999999Z     1.5  SFO
        2001-01-01T00:00:00Z         -180.0  null
        ... 1 more records
        """,
        BatchPrinter.print(batch, 2));
  }

  @Test
  void valuesReadAsPeopleWriteThem() {
    assertEquals("1970-01-02", BatchPrinter.text(FieldType.DATE, 1L));
    assertEquals(
        "9223372036854775807 days since 1970-01-01",
        BatchPrinter.text(FieldType.DATE, Long.MAX_VALUE));
    assertEquals("01:02:03.000004", BatchPrinter.text(FieldType.TIME, 3_723_000_004L));
    assertEquals("0x00ff", BatchPrinter.text(FieldType.BYTES, new byte[] {0, -1}));
    assertEquals(
        "[1, null]", BatchPrinter.text(FieldType.listOf(FieldType.INT64), Arrays.asList(1L, null)));
    assertEquals("true", BatchPrinter.text(FieldType.BOOLEAN, true));
    assertEquals("null", BatchPrinter.text(FieldType.BOOLEAN, null));
  }

  @Test
  void aTimestampIsWrittenAsAnInstantIs() {
    Random random = new Random(1);
    long[] scales = {1, 1000, 1_000_000, 86_400_000_000L};
    for (int i = 0; i < 20_000; i++) {
      long scale = scales[i % scales.length];
      long micros = random.nextLong(-400_000_000_000_000_000L, 400_000_000_000_000_000L);
      micros -= Math.floorMod(micros, scale);
      assertEquals(Micros.instant(micros).toString(), BatchPrinter.timestamp(micros));
    }
  }

  @Test
  void everyTimestampPrints() {
    assertEquals("-290308-12-21T19:59:05.224192Z", BatchPrinter.timestamp(Long.MIN_VALUE));
    assertEquals("+294247-01-10T04:00:54.775807Z", BatchPrinter.timestamp(Long.MAX_VALUE));
  }

  @Test
  void dataCannotMoveTheCursorOrForgeALine() {
    assertEquals("a\\u001b[2J\\u000ab", BatchPrinter.escape("a\u001b[2J\nb"));
    assertEquals("\\u202eabc", BatchPrinter.escape("\u202eabc"));
    assertEquals("\\u2028", BatchPrinter.escape("\u2028"));
    assertEquals("\\U000e0041", BatchPrinter.escape("\udb40\udc41")); // an invisible tag
    assertEquals("é🙂", BatchPrinter.escape("é🙂"));
  }

  @Test
  void longTextIsCutBetweenCharacters() {
    RecordSchema schema = RecordSchema.of(Field.of("s", FieldType.STRING));
    String text = "x".repeat(38) + "🙂🙂";
    assertEquals(
        "s\n" + "x".repeat(38) + "…\n",
        BatchPrinter.print(RecordBatch.builder(schema).add(text).build(), 10));
    assertEquals("s\n", RecordBatch.of(schema, 0, List.of(BytesColumn.ofStrings())).toString());
  }
}
