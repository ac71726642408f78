package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.examples.CardPayments;
import io.featurebeam.examples.Deliveries;
import io.featurebeam.examples.StreamDemo;
import io.featurebeam.examples.WardReadings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stream examples as a person runs them. What stands out is asked of the files in SQL that says
 * the same as the spec's alerts.
 */
class ExamplesIT {

  private static final long HOUR = 3_600_000_000L;

  @TempDir Path folder;

  @Test
  void plantedFraudsStandOutAndASignalEndsItInBalance() throws Exception {
    ExampleRun run =
        ExampleRun.of(
            new Deliveries(CardPayments.of(1, StreamDemo.START), 1, 24 * HOUR),
            12_000,
            "payment",
            folder);
    String log = run.untilASignal("card-fraud", 1200, 2, run::assertStoreHasTheNewest);

    run.assertBalance(log);
    run.assertStandsOut(
        """
        (small_5m >= 3 AND amount < 3)
        OR (countries_1h >= 2 AND merchants_1h >= 2)
        OR (country != home AND amount > 6 * mean_amount_7d AND amount > largest_7d)
        """,
        24);
    assertTrue(log.contains("  ALERT  card testing "), log);
    assertTrue(
        log.lines().anyMatch(l -> l.matches(".*  STORE  \\S+ (min|h|d) old, read in \\S+ ms")),
        log);
    assertTrue(
        log.lines().anyMatch(l -> l.matches("[1-9]\\d* lookups of a card in the store: .*")), log);
    assertTrue(log.lines().anyMatch(l -> l.matches("    [\\d,]+ to redis:card-fraud")), log);
    assertFalse(log.contains("Exception"), log);
    run.assertNothingLeft();
  }

  @Test
  void patientsWhoGetWorseStandOutAndASignalEndsItInBalance() throws Exception {
    ExampleRun run =
        ExampleRun.of(
            new Deliveries(WardReadings.of(1, StreamDemo.START), 1, HOUR),
            20_000,
            "reading",
            folder);
    String log = run.untilASignal("patient-vitals", 1000, 3);

    run.assertBalance(log);
    run.assertStandsOut(
        """
        (oxygen < 88 AND mean_oxygen_5m < 92)
        OR (heart_rate > 125 AND mean_heart_5m > 120)
        OR pressure_30m < 80
        OR (monitored_session_20m > 900 AND readings_30m >= 10
            AND (oxygen_trend_30m * 1800 < -3 OR heart_trend_30m * 1800 > 15))
        """,
        10);
    assertTrue(log.contains("  ALARM  apnea "), log);
    assertTrue(log.contains("  TREND  desaturation "), log);
    assertFalse(log.contains("Exception"), log);
    run.assertNothingLeft();
  }
}
