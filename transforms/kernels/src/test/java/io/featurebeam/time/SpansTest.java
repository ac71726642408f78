package io.featurebeam.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTest {

  @ParameterizedTest
  @CsvSource({
    "1us, 1",
    "250ms, 250000",
    "30s, 30000000",
    "5m, 300000000",
    "1h, 3600000000",
    "7d, 604800000000",
    "1w, 604800000000",
    "' 2 h ', 7200000000"
  })
  void aLengthIsANumberAndAUnit(String text, long micros) {
    assertEquals(micros, Spans.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "86400000000, 1d",
    "604800000000, 7d",
    "5400000000, 90m",
    "1500000, 1500ms",
    "1, 1us"
  })
  void aLengthIsWrittenInItsLargestUnit(long micros, String text) {
    assertEquals(text, Spans.format(micros));
    assertEquals(micros, Spans.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "h", "1.5h", "1 hour", "1H", "1mo", "1h30m", "lifetime", "\u0661h"})
  void whatIsNoLengthIsRefused(String text) {
    assertFails(
        "Invalid length of time: '"
            + text
            + "' (must be a whole number and a unit: us, ms, s, m, h, d or w, for example 1h)",
        text);
  }

  @Test
  void nothingAndLessAreRefused() {
    assertFails("Invalid length of time: '0h' (must be > 0)", "0h");
    assertFails("Invalid length of time: '-1d' (must be > 0)", "-1d");
  }

  @Test
  void whatNoLongHoldsIsRefused() {
    String rule = " (must be at most 292,000 years)";
    assertFails("Invalid length of time: '9223372036854775807s'" + rule, "9223372036854775807s");
    assertFails("Invalid length of time: '9999999999999999999us'" + rule, "9999999999999999999us");
  }

  @Test
  void aWindowIsALengthOrALifetime() {
    assertSame(Window.LIFETIME, Window.of("lifetime"));
    assertEquals("lifetime", Window.LIFETIME.toString());
    assertEquals("1d", Window.of("24h").toString());
    assertEquals("session_30m", Window.session(1_800_000_000L).toString());
  }

  private static void assertFails(String message, String text) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Spans.parse(text)).getMessage());
  }
}
