package io.featurebeam.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Events as a network delivers them: most within seconds, some a minute out of order, a few far too
 * late, twice, unreadable, or so that they break a rule. The same seed gives the same.
 */
public final class Deliveries {

  /** No event that is in time comes later than this behind one that happened after it. */
  public static final long MAX_DISORDER_MICROS = 90_000_000L;

  private static final long SECOND = 1_000_000L;

  /** How an event comes. */
  public enum Kind {
    IN_TIME("in time"),
    COPY("again"),
    LATE("far too late"),
    UNREADABLE("unreadable"),
    INVALID("against a rule");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /**
   * A message.
   *
   * @param at when it comes, in microseconds since 1970
   */
  public record Delivery(Event event, Kind kind, long at) {
    public byte[] key() {
      return event.key().getBytes(UTF_8);
    }

    public byte[] value() {
      String text =
          switch (kind) {
            case UNREADABLE -> event.json().substring(0, event.json().length() / 2);
            case INVALID -> event.broken();
            case IN_TIME, COPY, LATE -> event.json();
          };
      return text.getBytes(UTF_8);
    }
  }

  private final Events events;
  private final SplittableRandom random;
  private final long late;
  private final PriorityQueue<Delivery> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Delivery::at));
  private long happened = Long.MIN_VALUE;

  /**
   * Of these events.
   *
   * @param late how late an event comes at least that comes too late
   */
  public Deliveries(Events events, long seed, long late) {
    this.events = events;
    this.late = late;
    this.random = new SplittableRandom(seed);
  }

  /** The next that comes. */
  public Delivery next() {
    while (waiting.isEmpty() || waiting.peek().at() > happened) {
      add(events.next());
    }
    return waiting.remove();
  }

  private void add(Event event) {
    happened = event.micros();
    double chance = event.planted() == null ? random.nextDouble() : 1; // fraud is in good order
    Kind kind =
        chance < 0.002
            ? Kind.LATE
            : chance < 0.003 ? Kind.UNREADABLE : chance < 0.005 ? Kind.INVALID : Kind.IN_TIME;
    long delay =
        kind == Kind.LATE
            ? random.nextLong(late, 2 * late)
            : random.nextInt(10) > 0
                ? random.nextLong(3 * SECOND)
                : random.nextLong(MAX_DISORDER_MICROS);
    waiting.add(new Delivery(event, kind, event.micros() + delay));
    if (kind == Kind.IN_TIME && random.nextInt(200) == 0) {
      long again = Math.min(MAX_DISORDER_MICROS, delay + random.nextLong(60 * SECOND));
      waiting.add(new Delivery(event, Kind.COPY, event.micros() + again));
    }
  }
}
