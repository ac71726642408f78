package io.featurebeam.io.redis;

import static io.featurebeam.io.redis.Payments.entries;
import static io.featurebeam.io.redis.Payments.row;
import static io.featurebeam.io.redis.Payments.rows;
import static io.featurebeam.io.redis.Payments.spent;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.io.lookup.EmbeddedRedis;
import io.featurebeam.io.lookup.FeatureGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Whatever order and split among writers: the store ends with the newest row of each key. */
class NewestRowTest {

  private static final String[] CARDS = {"a", "b"};

  private static EmbeddedRedis redis;
  private static int groups;

  @BeforeContainer
  static void start() {
    redis = EmbeddedRedis.started();
  }

  @AfterContainer
  static void stop() {
    redis.close();
  }

  /** A digit each of card, time, amount and revision. */
  @Property(tries = 100)
  void newestRowIsLeft(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 35) Integer> events,
      @ForAll Random random)
      throws IOException, InterruptedException {
    List<Object[]> rows = new ArrayList<>();
    for (int event : events) {
      long at = event / 2 % 3 - 1L;
      double amount = event / 6 % 2;
      long revision = event / 12;
      rows.add(row(CARDS[event % 2], at, amount, at * 100 + amount * 10 + revision, revision));
    }
    String one = "g" + groups++;
    write(one, rows, 1, random);
    Map<String, @Nullable Object> expected = spent(redis, one, CARDS);
    String many = "g" + groups++;
    write(many, shuffled(rows, random), 1 + random.nextInt(3), random);
    assertEquals(expected, spent(redis, many, CARDS));
    Map<String, Long> newest = new TreeMap<>();
    rows.forEach(r -> newest.merge((String) r[0], (long) r[1], Math::max));
    newest.forEach(
        (card, at) ->
            assertEquals(at, Math.floorDiv((long) (double) expected.get(card) + 50, 100L), card));
  }

  private static List<Object[]> shuffled(List<Object[]> rows, Random random) {
    List<Object[]> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  /** Each row by one of some writers, in one write or several. */
  private static void write(String name, List<Object[]> rows, int writers, Random random)
      throws IOException, InterruptedException {
    FeatureGroup group = Payments.group(name);
    List<RedisWriter> open = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      open.add(new RedisWriter(redis.connection(), group, false, Duration.ZERO));
    }
    for (int from = 0; from < rows.size(); ) {
      int to = Math.min(rows.size(), from + 1 + random.nextInt(5));
      var unused =
          open.get(random.nextInt(writers))
              .write(entries(group, rows(rows.subList(from, to).toArray(Object[][]::new))));
      from = to;
    }
    open.forEach(RedisWriter::close);
  }
}
