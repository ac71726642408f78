package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void percentilesAreWithinAPartIn64() {
    Latencies latencies = new Latencies();
    for (int micros = 1; micros <= 1_000_000; micros++) {
      latencies.add(micros);
    }
    for (double share : new double[] {0.001, 0.5, 0.95, 0.99, 0.999, 1}) {
      double exact = share * 1000;
      double found = latencies.millis(share);
      assertTrue(found >= exact && found <= exact * (1 + 1.0 / 64), share + ": " + found);
    }
    assertEquals(1_000_000, latencies.size());
    assertEquals(1000, latencies.maxMillis());
  }

  @Test
  void oneLatencyIsAllPercentiles() {
    Latencies latencies = new Latencies();
    latencies.add(1234);
    assertEquals(1.234, latencies.millis(0.5));
    assertEquals(1.234, latencies.millis(0.999));
  }

  @Test
  void whatComesBeforeItsTimeCountsAsNothing() {
    Latencies latencies = new Latencies();
    latencies.add(-5);
    assertEquals(0, latencies.millis(1));
  }

  @Test
  void noneAreNotANumber() {
    assertEquals(Double.NaN, new Latencies().millis(0.5));
  }
}
