package io.featurebeam.io.kafka;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The watermark of one partition: how far event time is done there.
 *
 * <p>It is the greatest event time among the messages read at least one bundle's time ago, less the
 * disorder. The bundle's time stands between because messages wait in a bundle until they fill a
 * batch, and not every runner holds the watermark for what waits; it is counted on the clock of the
 * worker, as a backfill runs through days of event time in a second.
 *
 * <p>A partition that has been read to its end and gives nothing for the idle time follows the
 * clock, less idle time and disorder. One whose broker does not answer is not idle. An event time
 * beyond the clock and the slack moves nothing, one between the clock and there as little as the
 * clock would: a producer's wrong clock makes no record of others late. The watermark never goes
 * back.
 */
final class EventTimePolicy extends TimestampPolicy<byte[], byte[]> {

  /**
   * How far the watermark stays behind.
   *
   * @param disorder how much older a message may be than one before it
   * @param idle after which time without a message a partition counts as idle
   * @param slack how far an event time may be ahead of the clock and still be believed
   * @param bundle the longest that a message waits to be handed on
   */
  record Lag(Duration disorder, Duration idle, Duration slack, Duration bundle)
      implements Serializable {

    /** Where nothing waits in a bundle. */
    Lag withoutBundle() {
      return new Lag(disorder, idle, slack, Duration.ZERO);
    }
  }

  private static final long NEVER = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

  private final Lag lag;
  private final @Nullable EventTimeReader times;
  private long greatest = NEVER;
  private long greatestBefore = NEVER;
  private long settled = NEVER;
  private long turnedAt;
  private long lastMessageAt;
  private long watermark;

  EventTimePolicy(ReadSettings settings, Lag lag, Optional<Instant> previous, long now) {
    this.lag = lag;
    this.times = settings.eventTime() == null ? null : new EventTimeReader(settings);
    this.watermark = previous.map(Instant::getMillis).orElse(NEVER);
    this.turnedAt = now;
    this.lastMessageAt = now;
  }

  @Override
  public Instant getTimestampForRecord(
      PartitionContext context, KafkaRecord<byte[], byte[]> message) {
    long now = System.currentTimeMillis();
    long millis = times == null ? message.getTimestamp() : times.millis(message);
    return Instant.ofEpochMilli(message(millis, now));
  }

  @Override
  public Instant getWatermark(PartitionContext context) {
    long caughtUpAt =
        context.getMessageBacklog() == 0 ? context.getBacklogCheckTime().getMillis() : NEVER;
    return Instant.ofEpochMilli(watermark(System.currentTimeMillis(), caughtUpAt));
  }

  /** Notes a message; gives the time that it bears on Beam's clock. */
  long message(long eventMillis, long now) {
    lastMessageAt = now;
    turn(now);
    if (eventMillis == EventTimeReader.UNKNOWN) {
      return Math.max(watermark, NEVER); // a reject: it moves nothing
    }
    if (eventMillis <= now + lag.slack.toMillis()) {
      greatest = Math.max(greatest, Math.min(eventMillis, now));
    }
    return eventMillis;
  }

  /**
   * The watermark now.
   *
   * @param caughtUpAt when the broker last said that there is nothing more; {@link
   *     BoundedWindow#TIMESTAMP_MIN_VALUE} if there is
   */
  long watermark(long now, long caughtUpAt) {
    turn(now);
    long disorder = lag.disorder.toMillis();
    if (settled > NEVER + disorder) {
      watermark = Math.max(watermark, settled - disorder);
    }
    long idle = Math.max(lag.idle.toMillis(), 2 * lag.bundle.toMillis());
    if (now - lastMessageAt >= idle && caughtUpAt - lastMessageAt >= 0) {
      watermark = Math.max(watermark, Math.min(caughtUpAt, now) - idle - disorder);
    }
    return watermark;
  }

  /** Whether no message came for so long. */
  boolean isQuiet(long now, long millis) {
    return now - lastMessageAt >= millis;
  }

  /** What was read before the last turn is settled once a bundle's time has passed since. */
  private void turn(long now) {
    if (now - turnedAt >= lag.bundle.toMillis()) {
      settled = Math.max(settled, greatestBefore);
      greatestBefore = greatest;
      turnedAt = now;
    }
  }
}
