package io.featurebeam.pipelines.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadPrinterTest {

  private static final RecordBatch ROWS =
      RecordBatch.builder(
              RecordSchema.of(
                  Field.of("origin", FieldType.STRING),
                  Field.of("window_end", FieldType.TIMESTAMP),
                  Field.of("flights_1h", FieldType.INT64),
                  Field.of("mean_delay_1h", FieldType.FLOAT64)))
          .add("ATL", 978_307_200_000_000L, 1_234L, 35.0 / 3)
          .add("la\tx", 978_310_800_000_000L, null, Double.NaN)
          .build();

  @Test
  void rowsAreAnAlignedTable() {
    assertEquals(
        """

          first 2 of 6,977 rows:
            origin     window_end            flights_1h  mean_delay_1h
            ATL        2001-01-01T00:00:00Z        1234         11.667
            la\\u0009x  2001-01-01T01:00:00Z        null            NaN
        """,
        HeadPrinter.print(ROWS, 6_977, Set.of(), 100));
  }

  @Test
  void aFewRowsAreAll() {
    String text = HeadPrinter.print(ROWS.slice(0, 1), 1, Set.of(), 100);
    assertTrue(text.startsWith("\n  all 1 row:\n"), text);
  }

  @Test
  void columnsThatDoNotFitAreCounted() {
    String text = HeadPrinter.print(ROWS, 2, Set.of(), 60);
    assertEquals(
        """

          all 2 rows:
            origin     window_end            and 2 more columns
            ATL        2001-01-01T00:00:00Z
            la\\u0009x  2001-01-01T01:00:00Z
        """,
        text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 60), text);
  }

  @Test
  void maskedColumnsAreStars() {
    assertEquals(
        """

          all 2 rows:
            origin  window_end            flights_1h  mean_delay_1h
            ***     2001-01-01T00:00:00Z        1234            ***
            ***     2001-01-01T01:00:00Z        null            ***
        """,
        HeadPrinter.print(ROWS, 2, Set.of("origin", "mean_delay_1h"), 100));
  }
}
