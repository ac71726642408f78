package io.featurebeam.transforms.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LiveCountsTest {

  @Test
  void readAndRejectedGrowApart() {
    long read = LiveCounts.read();
    long rejected = LiveCounts.rejected();
    LiveCounts.read(10);
    LiveCounts.read(5);
    LiveCounts.rejected(2);
    assertEquals(read + 15, LiveCounts.read());
    assertEquals(rejected + 2, LiveCounts.rejected());
  }
}
