package io.featurebeam.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalDate;
import java.util.SplittableRandom;

/**
 * The messages of {@code card-stream}, one after the other: JSON of some 150 bytes with the fields
 * {@code id, card, merchant, paid_at, amount, currency, channel, country}. The same seed gives the
 * same messages on every machine.
 *
 * <p>Event times grow evenly with the number of the message and are up to {@link #MAX_DISORDER}
 * older than their place says, most of them by seconds. A card is in one partition always.
 */
final class StreamEvents {
  /** Microseconds. */
  static final long MAX_DISORDER = 170_000_000L;

  /** Microseconds: more than the disorder that the spec allows, and a period. */
  private static final long CLOSING = 300_000_000L;

  private static final long START = CardTransactions.START.toEpochMilli() * 1_000;
  private static final int MERCHANTS = 5_000;
  private static final String[] CHANNELS = {"pos", "web", "app", "atm"};
  private static final String[] COUNTRIES = {"US", "GB", "DE", "FR", "ES", "IT", "NL", "PL"};

  private final double step;
  private final SplittableRandom random;
  private final ZipfSampler cards;
  private final ZipfSampler merchants = new ZipfSampler(MERCHANTS, 0.6);
  private final ZipfSampler channels = new ZipfSampler(CHANNELS.length, 0.8);
  private final ZipfSampler countries = new ZipfSampler(COUNTRIES.length, 1.0);
  private final StringBuilder text = new StringBuilder(256);
  private long next;
  private int card;

  /**
   * @param micros how far apart in event time two messages are, which may be a fraction
   */
  StreamEvents(int cards, double zipf, double micros, long seed) {
    this.cards = new ZipfSampler(cards, zipf);
    this.step = micros;
    this.random = new SplittableRandom(seed);
  }

  /** The next message's value; its number is that of the call, from 0. */
  byte[] next() {
    card = cards.next(random);
    double late = random.nextDouble();
    long micros =
        START
            + (long) (next * step)
            + (long) (random.nextDouble() * step)
            - (long) (late * late * late * late * MAX_DISORDER);
    // ln(amount) is about normal: the sum of three uniform numbers will do.
    double gauss = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
    long cents = Math.max(1, Math.round(100 * StrictMath.exp(3.5 + 2.4 * gauss)));
    text.setLength(0);
    text.append("{\"id\":").append(next++).append(",\"card\":\"");
    appendCard().append("\",\"merchant\":\"m");
    digits(merchants.next(random), 5).append("\",\"paid_at\":\"");
    time(micros).append("\",\"amount\":");
    text.append(cents / 100).append('.');
    digits(cents % 100, 2).append(",\"currency\":\"EUR\",\"channel\":\"");
    text.append(CHANNELS[channels.next(random)]).append("\",\"country\":\"");
    text.append(COUNTRIES[countries.next(random)]).append("\"}");
    return text.toString().getBytes(US_ASCII);
  }

  /** Of the last message. */
  byte[] key() {
    text.setLength(0);
    return appendCard().toString().getBytes(US_ASCII);
  }

  /** Of the last message. */
  int partition(int partitions) {
    return card % partitions;
  }

  /** An event, of a card of its own, so much later that every period before is complete. */
  byte[] closing(int partition) {
    text.setLength(0);
    text.append("{\"id\":-1,\"card\":\"closing-").append(partition).append("\",\"paid_at\":\"");
    time(START + (long) (next * step) + CLOSING);
    text.append("\",\"amount\":0.00,\"channel\":\"pos\"}");
    return text.toString().getBytes(US_ASCII);
  }

  private StringBuilder appendCard() {
    text.append('c');
    return digits(card, 7);
  }

  private StringBuilder time(long micros) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(micros, 86_400_000_000L));
    long rest = Math.floorMod(micros, 86_400_000_000L);
    digits(day.getYear(), 4).append('-');
    digits(day.getMonthValue(), 2).append('-');
    digits(day.getDayOfMonth(), 2).append('T');
    digits(rest / 3_600_000_000L, 2).append(':');
    digits(rest / 60_000_000 % 60, 2).append(':');
    digits(rest / 1_000_000 % 60, 2).append('.');
    return digits(rest % 1_000_000, 6).append('Z');
  }

  private StringBuilder digits(long value, int count) {
    int from = text.length();
    for (int i = 0; i < count; i++) {
      text.append('0');
    }
    long left = value;
    for (int i = from + count - 1; i >= from; i--) {
      text.setCharAt(i, (char) ('0' + left % 10));
      left /= 10;
    }
    return text;
  }
}
