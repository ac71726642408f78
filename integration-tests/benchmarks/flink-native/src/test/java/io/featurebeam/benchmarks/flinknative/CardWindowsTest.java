package io.featurebeam.benchmarks.flinknative;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of tiles and edges are those that a walk over all events gives. */
class CardWindowsTest {
  private static final Windows WINDOWS = Windows.of("1h,1d,7d");
  private static final long MINUTE = 60_000_000L;
  private static final long START = 1_704_067_200_000_000L;

  private record Event(long time, double amount, byte channel) {}

  /** Amounts are whole, so that sums are exact in whatever order. */
  private static List<Event> events(long seed, long apart) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    long time = START;
    for (int i = 0; i < 600; i++) {
      time += (long) (random.nextDouble() * 2 * apart);
      long late = random.nextInt(5) == 0 ? (long) (random.nextDouble() * 3 * MINUTE) : 0;
      long rounded = random.nextInt(10) == 0 ? (time - late) / MINUTE * MINUTE : time - late;
      events.add(new Event(rounded, 1 + random.nextInt(100), (byte) random.nextInt(4)));
    }
    return events;
  }

  private static String expected(List<Event> events, long end) throws IOException {
    FeatureWriter row = new FeatureWriter(WINDOWS.names());
    row.beginPeriod("c", end);
    Totals totals = new Totals();
    long[] lengths = WINDOWS.micros();
    for (int window = 0; window < lengths.length; window++) {
      totals.clear();
      for (Event event : events) {
        if (event.time >= end - lengths[window] && event.time < end) {
          totals.add(event.amount, event.channel);
        }
      }
      row.window(window, totals);
    }
    return new String(row.end(0, true), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(longs = {5_000_000L, 5 * 60_000_000L, 3 * 3_600_000_000L})
  void eachEventSeesWhatWasBeforeIt(long apart) throws IOException {
    List<Event> before = new ArrayList<>();
    CardEvents card = new CardEvents();
    FeatureWriter row = new FeatureWriter(WINDOWS.names());
    Totals totals = new Totals();
    long latest = 0;
    for (Event event : events(apart, apart)) {
      before.add(event);
      latest = Math.max(latest, event.time);
      int place = card.add(before.size(), event.time, event.amount, event.channel);
      for (int each = place; each < card.end(); each++) {
        row.beginPeriod("c", card.time(each));
        card.windows(each, WINDOWS.micros(), totals, row);
        assertEquals(
            expected(before, card.time(each)),
            new String(row.end(0, true), StandardCharsets.UTF_8));
      }
      card.evict(latest - 3 * MINUTE - WINDOWS.longest());
      if (before.size() % 100 == 0) {
        card = readAgain(card.copy());
      }
    }
  }

  private static CardEvents readAgain(CardEvents card) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    card.write(new DataOutputViewStreamWrapper(bytes));
    return CardEvents.read(
        new DataInputViewStreamWrapper(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @ParameterizedTest
  @ValueSource(longs = {5_000_000L, 5 * 60_000_000L, 3 * 3_600_000_000L})
  void eachPeriodSeesWhatWasBeforeItsEnd(long apart) throws IOException {
    List<Event> before = new ArrayList<>();
    CardTiles card = new CardTiles(MINUTE);
    FeatureWriter row = new FeatureWriter(WINDOWS.names());
    Totals totals = new Totals();
    long latest = 0;
    int firsts = 0;
    for (Event event : events(apart, apart)) {
      before.add(event);
      latest = Math.max(latest, event.time);
      firsts += card.add(event.time, event.amount, event.channel) ? 1 : 0;
      long end = Math.floorDiv(event.time, MINUTE) * MINUTE + MINUTE;
      row.beginPeriod("c", end);
      card.windows(end, WINDOWS.micros(), totals, row);
      assertEquals(expected(before, end), new String(row.end(0, true), StandardCharsets.UTF_8));
      card.evict(latest - 3 * MINUTE - WINDOWS.longest());
      if (before.size() % 100 == 0) {
        card = card.copy();
      }
    }
    assertTrue(firsts > 10, "periods: " + firsts);
    card.evict(latest + WINDOWS.longest() + 60 * MINUTE);
    assertTrue(card.isEmpty());
  }
}
