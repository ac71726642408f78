package io.featurebeam.examples;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Files of events and labels of some weeks, as JSON lines; the same seed gives the same.
 *
 * <p>Of cards: the payments of {@link CardPayments}, and for each whether it was fraud. Of a shop:
 * who bought what, and for some pairs of user and item and a day whether the user bought the item
 * on it.
 */
final class History {

  private static final long DAY = 86_400_000_000L;
  private static final int ITEMS = 300;
  private static final int USERS = 2_000;

  private History() {}

  /** Makes {@code payments.jsonl} and {@code labels.jsonl}. */
  static void ofCards(Path folder, long seed, Instant start, int payments) throws IOException {
    CardPayments generator = CardPayments.of(seed, start);
    Files.createDirectories(folder);
    try (BufferedWriter history = writer(folder, "payments.jsonl");
        BufferedWriter labels = writer(folder, "labels.jsonl")) {
      for (int i = 0; i < payments; i++) {
        Event payment = generator.next();
        history.write(payment.json());
        history.newLine();
        String fraud = ",\"fraud\":" + (payment.planted() != null) + "}";
        labels.write(payment.json().replaceFirst("}$", fraud));
        labels.newLine();
      }
    }
  }

  /**
   * Makes {@code orders.jsonl} and {@code labels.jsonl}: ten weeks of orders, one label in five a
   * purchase.
   */
  static void ofShop(Path folder, long seed, Instant start, int days) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Files.createDirectories(folder);
    long begin = start.getEpochSecond() * 1_000_000L;
    List<String> labels = new ArrayList<>();
    try (BufferedWriter orders = writer(folder, "orders.jsonl")) {
      for (int day = 0; day < days; day++) {
        long midnight = begin + day * DAY;
        double weekend = day % 7 >= 5 ? 1.6 : 1;
        for (int i = 0; i < 1_200 * weekend; i++) {
          int user = (int) (USERS * Math.pow(random.nextDouble(), 2));
          // each user has a taste, and items come into fashion and go out of it
          int taste = (user * 31 + (int) (ITEMS * Math.pow(random.nextDouble(), 3))) % ITEMS;
          int fashion = (day * 3 + (int) (20 * random.nextDouble())) % ITEMS;
          int item = random.nextInt(3) == 0 ? fashion : taste;
          orders.write(order(user, item, midnight + random.nextLong(DAY), random));
          orders.newLine();
          if (day >= 28 && random.nextInt(4) == 0) {
            labels.add(label(user, item, midnight, true));
            for (int other = 0; other < 4; other++) {
              labels.add(label(user, random.nextInt(ITEMS), midnight, false));
            }
          }
        }
      }
    }
    Files.write(folder.resolve("labels.jsonl"), labels);
  }

  private static String order(int user, int item, long at, SplittableRandom random) {
    return String.format(
        Locale.ROOT,
        "{\"user\":\"u%04d\",\"item\":\"i%03d\",\"ordered_at\":\"%s\",\"quantity\":%d,\"price\":%.2f}",
        user,
        item,
        time(at),
        1 + random.nextInt(3),
        5 + item % 40 + random.nextInt(100) / 100.0);
  }

  private static String label(int user, int item, long midnight, boolean bought) {
    return String.format(
        Locale.ROOT,
        "{\"user\":\"u%04d\",\"item\":\"i%03d\",\"day\":\"%s\",\"bought\":%s}",
        user,
        item,
        time(midnight),
        bought);
  }

  private static Instant time(long micros) {
    return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
  }

  private static BufferedWriter writer(Path folder, String name) throws IOException {
    return Files.newBufferedWriter(folder.resolve(name), StandardCharsets.UTF_8);
  }
}
