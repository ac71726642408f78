package io.featurebeam.pipelines.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long nanos = 1_000;
  private ProgressCounts counts = ProgressCounts.NONE;

  private ProgressMeter meter(boolean terminal, @Nullable Supplier<ProgressCounts> source) {
    return new ProgressMeter(
        source,
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        terminal,
        () -> nanos,
        Executors.newSingleThreadScheduledExecutor());
  }

  private void at(double seconds, long records, long rejects) {
    at(seconds, records, rejects, 0);
  }

  private void at(double seconds, long records, long rejects, long written) {
    nanos = 1_000 + (long) (seconds * 1e9);
    counts = new ProgressCounts(records, rejects, written);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  @Test
  void aRunInOtherProcessesShowsThatItGoesOn() {
    try (ProgressMeter meter = meter(false, null)) {
      at(5, 0, 0);
      meter.tick();
      at(9.5, 0, 0);
    }
    assertEquals("running on the cluster  5.0 s\nrunning on the cluster  9.5 s\n", shown());
  }

  @Test
  void aLogGetsPlainLines() {
    try (ProgressMeter meter = meter(false, () -> counts)) {
      at(5, 1_000_000, 1);
      meter.tick();
      at(10, 1_500_000, 20);
      meter.tick();
      at(12, 1_600_000, 20);
    }
    assertEquals(
        """
        1,000,000 records  200,000/s  1 reject  5.0 s
        1,500,000 records  100,000/s  20 rejects  10.0 s
        1,600,000 records  133,333/s  20 rejects  12.0 s
        """,
        shown());
  }

  @Test
  void aTerminalGetsOneLineThatChanges() {
    try (ProgressMeter meter = meter(true, () -> counts)) {
      at(0.5, 50, 0);
      meter.tick();
      at(1, 60, 0);
    }
    assertEquals(
        "50 records  100/s  0 rejects  500 ms\r\u001b[2K60 records  60/s  0 rejects  1.0 s\n",
        shown());
  }

  @Test
  void theSpeedIsTakenOverSomeSecondsSoThatItStandsStill() {
    try (ProgressMeter meter = meter(false, () -> counts)) {
      at(1, 100, 0);
      meter.tick();
      at(2, 1_000, 0);
      meter.tick();
      at(3, 3_000, 0);
      meter.tick();
    }
    assertEquals(
        """
        100 records  100/s  0 rejects  1.0 s
        1,000 records  100/s  0 rejects  2.0 s
        3,000 records  1,000/s  0 rejects  3.0 s
        3,000 records  1,000/s  0 rejects  3.0 s
        """,
        shown());
  }

  @Test
  void whileNothingIsReadThePhaseIsNamed() {
    try (ProgressMeter meter = meter(false, () -> counts)) {
      at(5, 0, 0);
      meter.tick();
      at(10, 1_000, 0);
      meter.tick();
      at(15, 1_000, 3);
      meter.tick();
      at(20, 1_000, 3, 1);
      meter.tick();
      at(25, 1_000, 3, 40_000);
      meter.tick();
    }
    assertEquals(
        """
        0 records  starting  0 rejects  5.0 s
        1,000 records  200/s  0 rejects  10.0 s
        1,000 records  computing  3 rejects  15.0 s
        1,000 records  writing, 1 row so far  3 rejects  20.0 s
        1,000 records  writing, 40,000 rows so far  3 rejects  25.0 s
        1,000 records  40/s  3 rejects  25.0 s
        """,
        shown());
  }

  @Test
  void countsThatCannotBeHadLeaveTheLastOnes() {
    boolean[] fails = {false};
    try (ProgressMeter meter =
        meter(
            false,
            () -> {
              if (fails[0]) {
                throw new IllegalStateException("the job is gone");
              }
              return counts;
            })) {
      at(4, 400, 2);
      meter.tick();
      fails[0] = true;
      at(8, 999, 9);
      meter.tick();
    }
    assertEquals(
        """
        400 records  100/s  2 rejects  4.0 s
        400 records  computing  2 rejects  8.0 s
        400 records  50/s  2 rejects  8.0 s
        """,
        shown());
  }

  @Test
  void closingTwiceShowsTheEndOnceAndNoTickFollows() {
    ProgressMeter meter = meter(false, () -> counts);
    meter.close();
    meter.close();
    meter.tick();
    assertEquals("0 records  0/s  0 rejects  0 ms\n", shown());
  }

  @Test
  void theIntervalsAreAsPromised() {
    assertEquals(Duration.ofMillis(500), ProgressMeter.TERMINAL_EVERY);
    assertEquals(Duration.ofSeconds(5), ProgressMeter.PLAIN_EVERY);
  }

  @Test
  void aStartedMeterShowsTheEndWhenClosed() {
    counts = new ProgressCounts(7, 0, 0);
    ProgressMeter.start(() -> counts, new PrintStream(bytes, true, StandardCharsets.UTF_8)).close();
    assertEquals("7 records", shown().substring(0, 9));
  }

  @Test
  void negativeProgressIsRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new ProgressCounts(-1, 0, 2));
    assertEquals(
        "Invalid progress: -1 records, 0 rejects, 2 written (must be >= 0)", e.getMessage());
  }
}
