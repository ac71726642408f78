package io.featurebeam.transforms.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LiveCountsTest {

  @Test
  void readRejectedAndWrittenGrowApart() {
    long read = LiveCounts.read();
    long rejected = LiveCounts.rejected();
    long written = LiveCounts.written();
    LiveCounts.read(10);
    LiveCounts.read(5);
    LiveCounts.rejected(2);
    LiveCounts.written(7);
    long duplicate = LiveCounts.duplicate();
    LiveCounts.duplicate(4);
    assertEquals(duplicate + 4, LiveCounts.duplicate());
    assertEquals(read + 15, LiveCounts.read());
    assertEquals(rejected + 2, LiveCounts.rejected());
    assertEquals(written + 7, LiveCounts.written());
  }
}
