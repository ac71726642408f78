package io.featurebeam.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MicrosTest {

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, 999_999, -1_000_001, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1})
  void everyLongIsATimeAndBack(long micros) {
    assertEquals(micros, Micros.floor(Micros.instant(micros)));
    assertEquals(micros, Micros.ceil(Micros.instant(micros)));
  }

  @Test
  void aTimeBetweenMicrosecondsIsRoundedToThePastOrTheFuture() {
    assertEquals(0, Micros.floor(Instant.EPOCH.plusNanos(999)));
    assertEquals(1, Micros.ceil(Instant.EPOCH.plusNanos(1)));
    assertEquals(-1, Micros.floor(Instant.EPOCH.minusNanos(1)));
    assertEquals(0, Micros.ceil(Instant.EPOCH.minusNanos(999)));
  }

  @Test
  void whatNoLongHoldsIsRefused() {
    Instant first = Micros.instant(Long.MIN_VALUE);
    Instant last = Micros.instant(Long.MAX_VALUE);
    assertRefused(first.minusNanos(1), () -> Micros.floor(first.minusNanos(1)));
    assertRefused(last.plusNanos(1000), () -> Micros.floor(last.plusNanos(1000)));
    assertRefused(last.plusNanos(1), () -> Micros.ceil(last.plusNanos(1)));
    assertRefused(Instant.MIN, () -> Micros.floor(Instant.MIN));
  }

  private static void assertRefused(Instant time, org.junit.jupiter.api.function.Executable call) {
    assertEquals(
        "Invalid time: "
            + time
            + " (must be between -290308-12-21T19:59:05.224192Z and"
            + " +294247-01-10T04:00:54.775807Z)",
        assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
