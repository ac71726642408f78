package io.featurebeam.transforms.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.apache.beam.sdk.util.BackOff;
import org.junit.jupiter.api.Test;

class PatienceTest {

  @Test
  void withoutPatienceNothingIsTriedAgain() throws IOException {
    assertEquals(BackOff.STOP, Patience.pauses(Duration.ZERO).nextBackOffMillis());
  }

  @Test
  void pausesEndWithThePatience() throws IOException {
    BackOff pauses = Patience.pauses(Duration.ofMinutes(1));
    long all = 0;
    for (long next = pauses.nextBackOffMillis();
        next != BackOff.STOP;
        next = pauses.nextBackOffMillis()) {
      assertTrue(next <= 7_500, "pause of " + next + " ms"); // 5 s, half more or less by chance
      all += next;
    }
    assertEquals(60_000, all);
  }

  @Test
  void negativePatienceIsRefused() {
    assertEquals(
        "Invalid patience: PT-1S (must not be negative)",
        assertThrows(IllegalArgumentException.class, () -> Patience.checked(Duration.ofSeconds(-1)))
            .getMessage());
  }
}
