package io.featurebeam.io.file.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TimeUnitTest {

  private static long micros(String instant) {
    return Instant.parse(instant).toEpochMilli() * 1000;
  }

  @ParameterizedTest
  @CsvSource({
    "HOUR,  2001-01-31T07:59:59.999Z, 2001-01-31-07, 2001-01-31T07:00:00Z, 2001-01-31T08:00:00Z",
    "DAY,   2001-01-31T07:59:59.999Z, 2001-01-31,    2001-01-31T00:00:00Z, 2001-02-01T00:00:00Z",
    "MONTH, 2000-02-29T23:59:59.999Z, 2000-02,       2000-02-01T00:00:00Z, 2000-03-01T00:00:00Z",
    "YEAR,  2000-12-31T23:59:59.999Z, 2000,          2000-01-01T00:00:00Z, 2001-01-01T00:00:00Z",
    "HOUR,  1969-12-31T23:59:59.999Z, 1969-12-31-23, 1969-12-31T23:00:00Z, 1970-01-01T00:00:00Z",
    "DAY,   1969-12-31T23:59:59.999Z, 1969-12-31,    1969-12-31T00:00:00Z, 1970-01-01T00:00:00Z",
    "MONTH, 1899-12-31T00:00:00Z,     1899-12,       1899-12-01T00:00:00Z, 1900-01-01T00:00:00Z",
    "YEAR,  -0044-03-15T12:00:00Z,    -0044,         -0044-01-01T00:00:00Z, -0043-01-01T00:00:00Z",
    "DAY,   +12345-06-07T12:00:00Z,  +12345-06-07,  +12345-06-07T00:00:00Z, +12345-06-08T00:00:00Z"
  })
  void stretchOfATimeIsInUtc(TimeUnit unit, String time, String text, String start, String end) {
    assertEquals(text, unit.format(micros(time)));
    assertEquals(micros(start), unit.floor(micros(time)));
    assertEquals(micros(start), unit.parseStart(text));
    assertEquals(micros(end), unit.next(micros(start)));
  }

  @ParameterizedTest
  @EnumSource(TimeUnit.class)
  void stretchesCoverTimeWithoutGapOrOverlap(TimeUnit unit) {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 20_000; i++) {
      long time = random.nextLong() >> random.nextInt(2, 40);
      long start = unit.floor(time);
      long end = unit.next(start);
      assertTrue(start <= time && time < end, unit + " " + time);
      assertEquals(start, unit.parseStart(unit.format(time)));
      assertEquals(unit.format(start), unit.format(end - 1));
      assertEquals(end, unit.floor(end));
    }
  }

  @ParameterizedTest
  @EnumSource(TimeUnit.class)
  void firstAndLastTimeOfAllHaveAStretch(TimeUnit unit) {
    assertEquals(Long.MIN_VALUE, unit.floor(Long.MIN_VALUE));
    assertEquals(Long.MIN_VALUE, unit.parseStart(unit.format(Long.MIN_VALUE)));
    assertEquals(Long.MAX_VALUE, unit.next(unit.floor(Long.MAX_VALUE)));
    long second = unit.next(Long.MIN_VALUE);
    assertEquals(second, unit.floor(second));
    assertEquals(Long.MIN_VALUE, unit.floor(second - 1));
    assertTrue(unit.parseStart(unit.format(Long.MAX_VALUE)) < Long.MAX_VALUE);
  }

  @Test
  void daysOfADateColumnMayGoBeyondTimestamps() {
    long day = LocalDate.of(500_000, 1, 2).toEpochDay();
    assertEquals("+500000-01-02", TimeUnit.DAY.formatDay(day));
    assertEquals("+500000", TimeUnit.YEAR.formatDay(day));
    assertEquals(Long.MAX_VALUE, TimeUnit.DAY.parseStart("+500000-01-02"));
    assertEquals("1969-12", TimeUnit.MONTH.formatDay(-1));
    assertEquals(
        "Invalid date: day 9223372036854775807 since 1970 (no calendar goes that far)",
        assertThrows(IllegalArgumentException.class, () -> TimeUnit.DAY.formatDay(Long.MAX_VALUE))
            .getMessage());
  }

  @Test
  void textThatIsNoStretchIsRefused() {
    assertEquals(
        "Invalid month: '2001-13' (must look like 1970-01)",
        assertThrows(IllegalArgumentException.class, () -> TimeUnit.MONTH.parseStart("2001-13"))
            .getMessage());
  }
}
