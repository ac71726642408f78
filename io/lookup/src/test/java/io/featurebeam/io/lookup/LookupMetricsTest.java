package io.featurebeam.io.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LookupMetricsTest {

  @Test
  void aBucketIsWithinFourPercentOfWhatIsInIt() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long nanos = random.nextLong() >>> (1 + random.nextInt(63));
      long middle = LookupMetrics.nanos(LookupMetrics.bucket(nanos));
      assertTrue(Math.abs(middle - nanos) <= nanos * 0.04, nanos + " is in that of " + middle);
    }
  }

  @Test
  void quantilesAreThoseOfTheCalls() {
    LookupMetrics metrics = new LookupMetrics();
    assertEquals(Duration.ZERO, metrics.snapshot().p99());
    for (int i = 0; i < 989; i++) {
      metrics.took(3);
    }
    for (int i = 0; i < 11; i++) {
      metrics.took(7);
    }
    assertEquals(Duration.ofNanos(3), metrics.snapshot().p50());
    assertEquals(Duration.ofNanos(7), metrics.snapshot().p99());
    assertEquals(1000, metrics.snapshot().requests());
  }
}
