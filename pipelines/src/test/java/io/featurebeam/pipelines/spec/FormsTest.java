package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.pipelines.spec.SinkSpec.Partition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times, sizes and partitions as people write them. */
final class FormsTest {

  @ParameterizedTest
  @CsvSource({
    "1970-01-01, 0, 1970-01-01",
    "1969-12-31T23:59:59.999999Z, -1, 1969-12-31T23:59:59.999999Z",
    "2001-01-31T08:00, 980928000000000, 2001-01-31T08:00:00Z",
    "2001-01-31T08:00+01:00, 980924400000000, 2001-01-31T07:00:00Z",
    "0001-01-01, -62135596800000000, 0001-01-01"
  })
  void timeIsReadAndWritten(String text, long micros, String written) {
    assertEquals(micros, Times.parse("time", text));
    assertEquals(written, Times.format(micros));
  }

  @ParameterizedTest
  @CsvSource({"2001-02-29", "yesterday", "2001-01-01T25:00", "''", "2001-01-01T08:00:00.0000001Z"})
  void timeThatDoesNotExistIsRefused(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Times.parse("--from", text))
            .getMessage();
    assertEquals(
        "Invalid --from: '" + text + "' (must be ", message.substring(0, 28 + text.length()));
  }

  @ParameterizedTest
  @CsvSource({"1B, 1", "1KiB, 1024", "128MiB, 134217728", "3GiB, 3221225472", "1025B, 1025"})
  void sizeIsReadAndWritten(String text, long bytes) {
    assertEquals(bytes, Sizes.parse(text));
    assertEquals(text, Sizes.format(bytes));
  }

  @ParameterizedTest
  @CsvSource({"0MiB", "12", "1MB", "-1B", "9999999999999999999B", "9999999999GiB"})
  void sizeOutOfRangeIsRefused(String text) {
    assertEquals(
        "Invalid size: '"
            + text
            + "' (must be a number > 0 and B, KiB, MiB or GiB); use for example 128MiB",
        assertThrows(IllegalArgumentException.class, () -> Sizes.parse(text)).getMessage());
  }

  @Test
  void partitionIsAColumnOrAPartOfATime() {
    assertEquals(new Partition(Partition.Unit.DAY, "date"), Partition.parse("day(date)"));
    assertEquals(new Partition(Partition.Unit.VALUE, "country"), Partition.parse("country"));
    assertEquals("hour(t)", Partition.parse("hour( t )").toString());
  }

  @Test
  void enumConstantsAreWrittenAsYamlDoes() {
    assertEquals("parquet", SpecShape.word(SinkSpec.Format.PARQUET));
    assertEquals("everyEvent", SpecShape.word(io.featurebeam.time.Emission.Kind.EVERY_EVENT));
  }
}
