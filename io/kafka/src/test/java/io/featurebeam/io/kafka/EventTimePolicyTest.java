package io.featurebeam.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.time.Duration;
import java.util.Optional;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class EventTimePolicyTest {

  private static final long NEVER = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

  /** When the policy begins. */
  private static final long NOW = 1_000_000_000L;

  private static final long SECOND = 1000;

  /** Disorder 10 s, idle 30 s, slack 60 s, bundles of 2 s. */
  private static EventTimePolicy policy() {
    RecordSchema schema = RecordSchema.of(Field.of("at", FieldType.TIMESTAMP));
    ReadSettings settings = ReadSettings.of(MessageFormat.json(schema)).withEventTime("at");
    return new EventTimePolicy(
        settings,
        new EventTimePolicy.Lag(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2)),
        Optional.empty(),
        NOW);
  }

  /** The watermark when all read so far is settled: two bundles' time later. */
  private static long settled(EventTimePolicy policy, long now) {
    policy.watermark(now, NEVER);
    policy.watermark(now + 2 * SECOND, NEVER);
    return policy.watermark(now + 4 * SECOND, NEVER);
  }

  @Test
  void nothingIsDoneBeforeAMessage() {
    assertEquals(NEVER, settled(policy(), NOW));
  }

  @Test
  void theWatermarkTrailsTheGreatestEventTimeByTheDisorder() {
    EventTimePolicy policy = policy();
    assertEquals(500 * SECOND, policy.message(500 * SECOND, NOW));
    policy.message(495 * SECOND, NOW);
    assertEquals(490 * SECOND, settled(policy, NOW));
    policy.message(400 * SECOND, NOW);
    assertEquals(490 * SECOND, settled(policy, NOW));
  }

  @Test
  void aMessageMovesTheWatermarkOnlyWhenNoBundleCanHoldItAnyMore() {
    EventTimePolicy policy = policy();
    policy.message(500 * SECOND, NOW + 1 * SECOND);
    assertEquals(NEVER, policy.watermark(NOW + 1 * SECOND, NEVER));
    assertEquals(NEVER, policy.watermark(NOW + 2 * SECOND, NEVER));
    assertEquals(NEVER, policy.watermark(NOW + 3 * SECOND - 1, NEVER));
    assertEquals(490 * SECOND, policy.watermark(NOW + 4 * SECOND, NEVER));
  }

  @Test
  void anEventTimeFarAheadOfTheClockMovesNothing() {
    EventTimePolicy policy = policy();
    policy.message(500 * SECOND, NOW);
    assertEquals(NOW + 61 * SECOND, policy.message(NOW + 61 * SECOND, NOW));
    assertEquals(490 * SECOND, settled(policy, NOW));
  }

  @Test
  void anEventTimeAheadOfTheClockWithinTheSlackCountsAsTheClock() {
    EventTimePolicy policy = policy();
    policy.message(NOW + 60 * SECOND, NOW);
    assertEquals(NOW - 10 * SECOND, settled(policy, NOW));
  }

  @Test
  void aPartitionThatGivesNothingFollowsTheClock() {
    EventTimePolicy policy = policy();
    long almost = NOW + 30 * SECOND - 1;
    assertEquals(NEVER, policy.watermark(almost, almost));
    long idle = NOW + 30 * SECOND;
    assertEquals(idle - 40 * SECOND, policy.watermark(idle, idle));
    policy.message(500 * SECOND, idle); // older than what is done: late, and moves nothing back
    assertEquals(idle - 40 * SECOND, settled(policy, idle));
  }

  @Test
  void aPartitionWithABacklogIsNotIdleHoweverLongItTakes() {
    assertEquals(NEVER, policy().watermark(NOW + 3600 * SECOND, NEVER));
  }

  @Test
  void aPartitionWhoseBrokerNoLongerAnswersIsIdleNoFurtherThanItsLastAnswer() {
    EventTimePolicy policy = policy();
    policy.message(500 * SECOND, NOW);
    long answered = NOW + 5 * SECOND;
    assertEquals(answered - 40 * SECOND, policy.watermark(NOW + 3600 * SECOND, answered));
    EventTimePolicy silent = policy();
    silent.message(500 * SECOND, NOW);
    assertEquals(490 * SECOND, settled(silent, NOW));
    assertEquals(490 * SECOND, silent.watermark(NOW + 3600 * SECOND, NOW - SECOND));
  }

  @Test
  void aMessageWithoutAnEventTimeMovesNothing() {
    EventTimePolicy policy = policy();
    policy.message(500 * SECOND, NOW);
    long done = settled(policy, NOW);
    assertEquals(done, policy.message(EventTimeReader.UNKNOWN, NOW + 5 * SECOND));
    assertEquals(done, settled(policy, NOW + 5 * SECOND));
  }

  @Test
  void aRestartGoesOnFromTheWatermarkThatWas() {
    EventTimePolicy policy =
        new EventTimePolicy(
            ReadSettings.of(MessageFormat.text("v")),
            new EventTimePolicy.Lag(
                Duration.ZERO, Duration.ofSeconds(30), Duration.ZERO, Duration.ofSeconds(2)),
            Optional.of(Instant.ofEpochMilli(700 * SECOND)),
            NOW);
    policy.message(600 * SECOND, NOW);
    assertEquals(700 * SECOND, settled(policy, NOW));
  }
}
