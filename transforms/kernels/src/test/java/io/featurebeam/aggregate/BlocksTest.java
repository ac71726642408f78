package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks hold what their items do, while items come in any order, change and go. */
class BlocksTest {

  private static final List<Frame> FRAMES =
      List.of(
          new Frame(new Window(20), WindowBounds.DEFAULT),
          new Frame(new Window(500), WindowBounds.DEFAULT),
          new Frame(new Window(3000), WindowBounds.FEAST));

  private final States[] states = {new Count(null).newStates(RecordSchema.of())};
  private final LiveItems items = new LiveItems(states);
  private final Timeline line = new Timeline(items);
  private final Cover cover = new Cover(FRAMES);

  /** The same by hand: the time of each event. */
  private final List<Long> expected = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void piecesHoldWhatIsBetweenTheEdges(int seed) {
    Random random = new Random(seed);
    long now = 0;
    int most = 0;
    for (int step = 0; step < 4000; step++) {
      now += random.nextInt(3);
      long disorder = random.nextInt(10) == 0 ? random.nextInt(1000) : random.nextInt(3);
      arrive(now - disorder);
      if (random.nextInt(100) == 0) {
        drop(line.from(now - 4000 - random.nextInt(2000)));
      }
      if (random.nextInt(4) == 0) {
        long time = now - random.nextInt(50);
        check(time, time + random.nextInt(2) * random.nextLong(9));
        most = Math.max(most, cover.size());
      }
    }
    assertTrue(line.size() > 1000);
    assertTrue(most < 150, () -> "a cover has many pieces");
    drop(line.size());
    assertEquals(0, items.size());
  }

  private void arrive(long time) {
    int slot = line.changing(time);
    if (slot < 0) {
      slot = items.add(0, 0, 0);
      line.insert(slot, time);
    }
    items.addEvents(slot, 1);
    expected.add(time);
    count(slot);
  }

  private void count(int slot) {
    States one = states[0].newStates();
    one.ensure(1);
    one.accumulate(new Inputs(List.of(), new long[1], Inputs.Ties.NONE, 1), new int[1]);
    states[0].merge(slot, one, 0);
  }

  private void drop(int places) {
    long first = places < line.size() ? line.time(places) : Long.MAX_VALUE;
    for (int place = 0; place < places; place++) {
      items.remove(line.slot(place));
    }
    line.removeFirst(places);
    expected.removeIf(time -> time < first);
  }

  /** Each window of each row between two times begins and ends where a piece does. */
  private void check(long time, long lastTime) {
    cover.of(line, first(time), time, lastTime, -1, -1);
    for (long row = time; row <= lastTime; row++) {
      for (Frame frame : FRAMES) {
        long at = row;
        long first = frame.bounds().firstSeen(row, frame.window());
        long events =
            expected.stream().filter(t -> t >= first && !frame.bounds().endsBefore(t, at)).count();
        int from = 0;
        while (from < cover.size() && cover.times()[from] < first) {
          from++;
        }
        int to = from;
        States sum = states[0].newStates();
        sum.ensure(1);
        while (to < cover.size() && !frame.bounds().endsBefore(cover.times()[to], row)) {
          sum.merge(0, states[0], cover.slots()[to++]);
        }
        assertEquals(events, cover.events(from, to));
        assertEquals(events, Count.Of.at(sum, 0));
      }
    }
  }

  private int first(long time) {
    return FRAMES.stream()
        .mapToInt(frame -> line.from(frame.bounds().firstSeen(time, frame.window())))
        .min()
        .orElseThrow();
  }
}
