package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.benchmarks.Contender.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackagedTableTest {

  @Test
  void mediansStandBesideEachOtherAndStartUpIsNoCostOfARecord() {
    PackagedTable table = new PackagedTable();
    table.jar("direct", 138_799_057);
    table.jar("flink", 176_677_850);
    table.startUp("direct-jar", List.of(run(3, 1.5), run(4, 1.6), run(5, 2)));
    table.startUp("flink-cluster", List.of(run(8, 5)));
    table.size("flink-cluster", 5_000_000, List.of(run(13, 6)));
    table.size("flink-cluster", 100_500, List.of(run(9, 6)));

    assertEquals(
        """
        | direct | flink |
        | --- | --- |
        | 139 MB | 177 MB |

        | contender | first record | 10,000 rows | 100,500 rows | 5 M rows | µs per record at 100,500 | µs per record at 5 M |
        | --- | --- | --- | --- | --- | --- | --- |
        | direct-jar | 1.6 | 4.0 | – | – | – | – |
        | flink-cluster | 5.0 | 8.0 | 9.0 | 13.0 | 9.95 | 1.00 |
        """,
        table.toString());
  }

  private static Run run(double seconds, double firstRecord) {
    return new Run(seconds, seconds - firstRecord, Double.NaN, 0);
  }
}
