package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.io.lookup.FeatureLookup;
import io.featurebeam.io.lookup.FeatureStoreException;
import io.featurebeam.io.lookup.FeatureVector;
import io.featurebeam.io.lookup.LookupMetrics;
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.lookup.RedisStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the store every few seconds, on a thread of its own, for what a service asks: the features
 * of a key, here of the one whose row was shown last.
 */
final class StoreReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final long PAUSE_SECONDS = 3;

  private final RedisStore store;
  private final String group;
  private final Example.Stored stored;
  private final Screen screen;
  private final InstantSource clock;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile @Nullable FeatureLookup lookup;
  private int failures;

  private StoreReader(
      RedisConnection redis,
      String group,
      Example.Stored stored,
      Screen screen,
      InstantSource clock) {
    this.store = RedisStore.at(redis);
    this.group = group;
    this.stored = stored;
    this.screen = screen;
    this.clock = clock;
  }

  /**
   * Of a group in Redis.
   *
   * @param clock what ages are counted to
   */
  static StoreReader start(
      RedisConnection redis,
      String group,
      Example.Stored stored,
      Screen screen,
      InstantSource clock) {
    StoreReader reader = new StoreReader(redis, group, stored, screen, clock);
    Thread thread = new Thread(reader::read, "store-reader");
    thread.setDaemon(true);
    thread.start();
    return reader;
  }

  private void read() {
    try {
      while (!end.await(PAUSE_SECONDS, TimeUnit.SECONDS)) {
        JsonNode shown = screen.last();
        if (shown != null) {
          look(shown.path(stored.key()).asText());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(String key) {
    try {
      FeatureLookup open = lookup;
      if (open == null) {
        open = FeatureLookup.over(store).features(group).clock(clock).build();
        lookup = open;
      }
      long start = System.nanoTime();
      FeatureVector vector = open.get(Map.of(stored.key(), key));
      double millis = (System.nanoTime() - start) / 1e6;
      Duration age = vector.age(stored.time());
      if (age != null && end.getCount() > 0) { // else its first row is on the way there
        String told = String.format(Locale.ROOT, "%s old, read in %.1f ms", Lines.age(age), millis);
        screen.stored(row(key, open, vector), told);
      }
      failures = 0;
    } catch (FeatureStoreException e) {
      if (failures++ > 0) { // the first may be of Ctrl-C, which reaches the store too
        System.err.println(e.getMessage());
      }
    }
  }

  /** As a message of the stream has it. */
  private JsonNode row(String key, FeatureLookup from, FeatureVector vector) {
    ObjectNode row = JSON.createObjectNode();
    row.put(stored.key(), key);
    for (String feature : from.features()) {
      row.set(feature, JSON.valueToTree(vector.value(feature)));
    }
    long micros = row.path(stored.time()).asLong();
    row.put(stored.time(), Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
    return row;
  }

  /** Nothing more is asked from now on. */
  void stop() {
    end.countDown();
  }

  /** How long the store took. */
  String text() {
    FeatureLookup open = lookup;
    if (open == null) {
      return "";
    }
    LookupMetrics.Snapshot metrics = open.metrics();
    return String.format(
        Locale.ROOT,
        "%,d lookups of a %s in the store: p50 %.2f ms, p99 %.2f ms%n",
        metrics.requests(),
        stored.key(),
        metrics.p50().toNanos() / 1e6,
        metrics.p99().toNanos() / 1e6);
  }
}
