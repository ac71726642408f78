package io.featurebeam.examples;

import io.featurebeam.examples.Event.Planted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Payments by card: each card has a home, its usual merchants and its usual amounts (log-normal),
 * more by day than by night; some cards travel. Among them frauds of three kinds are planted:
 *
 * <ul>
 *   <li><i>card testing</i>: 8 to 15 payments of less than 2.50 within minutes, at as many
 *       merchants
 *   <li><i>stolen card</i>: 3 to 6 payments abroad within an hour, each 15 to 40 times the usual
 *   <li><i>country hopping</i>: 5 to 8 payments of usual size in as many countries within an hour
 * </ul>
 */
public final class CardPayments implements Events {

  private static final long SECOND = 1_000_000L;
  private static final long DAY = 86_400 * SECOND;
  private static final String[] COUNTRIES = {
    "DE", "FR", "NL", "ES", "IT", "PL", "GB", "US", "BR", "JP"
  };
  private static final String[] CATEGORIES = {
    "grocery", "fuel", "restaurant", "clothing", "electronics", "online"
  };

  /** How much of its greatest rate each hour of the day has, in thousandths. */
  private static final int[] RHYTHM = {
    60, 40, 30, 30, 40, 90, 240, 420, 560, 640, 700, 820, 980, 900, 780, 760, 820, 940, 1000, 900,
    700, 480, 280, 130
  };

  private static final double MEAN_RHYTHM = 0.515;

  private final SplittableRandom random;
  private final List<Card> cards = new ArrayList<>();
  private final double meanGap;
  private final int paymentsPerFraud;
  private final PriorityQueue<Payment> planted =
      new PriorityQueue<>(Comparator.comparingLong(Payment::at));
  private @Nullable Payment upcoming; // the honest one behind all that came out
  private long now;
  private long made;
  private long paid;
  private int frauds;

  private record Merchant(String name, String category, String country) {}

  private record Payment(
      Card card, long at, double amount, Merchant merchant, @Nullable Planted planted) {}

  /** Whose it is, in what it does. */
  private static final class Card {
    private final String number;
    private final String home;
    private final double usual;
    private final List<Merchant> merchants;
    private @Nullable String abroad;
    private long abroadUntil;

    Card(String number, String home, double usual, List<Merchant> merchants) {
      this.number = number;
      this.home = home;
      this.usual = usual;
      this.merchants = merchants;
    }

    String place(long at) {
      return abroad != null && at < abroadUntil ? abroad : home;
    }
  }

  private CardPayments(
      long seed, Instant start, int cards, double paymentsPerDay, int paymentsPerFraud) {
    this.random = new SplittableRandom(seed);
    this.now = start.getEpochSecond() * SECOND;
    this.meanGap = DAY / (cards * paymentsPerDay) * MEAN_RHYTHM;
    this.paymentsPerFraud = paymentsPerFraud;
    for (int i = 0; i < cards; i++) {
      String home = COUNTRIES[random.nextInt(COUNTRIES.length)];
      List<Merchant> merchants = new ArrayList<>();
      for (int m = 0; m < 8; m++) {
        merchants.add(merchant(home));
      }
      double usual = 25 * Math.exp(0.5 * random.nextGaussian());
      this.cards.add(new Card(String.format(Locale.ROOT, "c%04d", i), home, usual, merchants));
    }
  }

  /**
   * Of 500 cards with four payments a day each, a fraud among every 400 payments.
   *
   * @param start when the first may happen
   */
  public static CardPayments of(long seed, Instant start) {
    return new CardPayments(seed, start, 500, 4, 400);
  }

  private Merchant merchant(String country) {
    String category = CATEGORIES[random.nextInt(CATEGORIES.length)];
    return new Merchant(category + "-" + country + "-" + random.nextInt(200), category, country);
  }

  @Override
  public Event next() {
    if (upcoming == null) {
      upcoming = honest();
    }
    if (!planted.isEmpty() && planted.peek().at <= upcoming.at) {
      return event(planted.remove());
    }
    Payment payment = upcoming;
    upcoming = honest();
    if (made++ % paymentsPerFraud == paymentsPerFraud / 2) {
      plant(payment);
    }
    return event(payment);
  }

  /** Thins a steady stream of payments out to the rhythm of the day. */
  private Payment honest() {
    do {
      now += (long) (-Math.log(1 - random.nextDouble()) * meanGap) + 1;
    } while (random.nextInt(1000) >= RHYTHM[(int) (now % DAY / (3600 * SECOND))]);
    Card card = cards.get(random.nextInt(cards.size()));
    if (random.nextInt(300) == 0) {
      card.abroad = COUNTRIES[random.nextInt(COUNTRIES.length)];
      card.abroadUntil = now + random.nextLong(2 * DAY, 6 * DAY);
    }
    String place = card.place(now);
    boolean usual = place.equals(card.home) && random.nextInt(10) > 0;
    Merchant merchant =
        usual ? card.merchants.get(random.nextInt(card.merchants.size())) : merchant(place);
    return new Payment(
        card, now, card.usual * Math.exp(0.6 * random.nextGaussian()), merchant, null);
  }

  private void plant(Payment after) {
    Card card = after.card;
    int kind = frauds % 3;
    long at = after.at;
    Planted fraud =
        new Planted(
            ++frauds,
            switch (kind) {
              case 0 -> "card testing";
              case 1 -> "stolen card";
              default -> "country hopping";
            });
    int first = random.nextInt(COUNTRIES.length);
    int payments = kind == 0 ? 8 + random.nextInt(8) : kind == 1 ? 3 + random.nextInt(4) : 5;
    for (int i = 0; i < payments; i++) {
      at += kind == 0 ? random.nextLong(5 * SECOND, 25 * SECOND) : minutes(kind == 1 ? 10 : 9);
      String country = COUNTRIES[(first + (kind == 2 ? i : 0)) % COUNTRIES.length];
      if (kind == 1 && country.equals(card.place(at))) {
        country = COUNTRIES[(first + 1) % COUNTRIES.length];
      }
      double amount =
          switch (kind) {
            case 0 -> 0.5 + 2 * random.nextDouble();
            case 1 -> card.usual * (15 + 25 * random.nextDouble());
            default -> card.usual * (0.5 + random.nextDouble());
          };
      planted.add(new Payment(card, at, amount, merchant(country), fraud));
    }
  }

  private long minutes(int most) {
    return random.nextLong(60 * SECOND, most * 60L * SECOND);
  }

  private Event event(Payment payment) {
    String id = String.format(Locale.ROOT, "p%07d", ++paid);
    String cents = String.format(Locale.ROOT, "%.2f", Math.max(0.01, payment.amount));
    return new Event(
        id,
        payment.card.number,
        payment.at,
        json(id, payment, cents),
        json(id, payment, "-" + cents),
        payment.planted);
  }

  private static String json(String id, Payment payment, String amount) {
    return String.format(
        Locale.ROOT,
        "{\"payment\":\"%s\",\"card\":\"%s\",\"paid_at\":\"%s\",\"amount\":%s,\"merchant\":\"%s\","
            + "\"category\":\"%s\",\"country\":\"%s\",\"home\":\"%s\"}",
        id,
        payment.card.number,
        Instant.ofEpochSecond(payment.at / SECOND, payment.at % SECOND * 1000),
        amount,
        payment.merchant.name,
        payment.merchant.category,
        payment.merchant.country,
        payment.card.home);
  }
}
