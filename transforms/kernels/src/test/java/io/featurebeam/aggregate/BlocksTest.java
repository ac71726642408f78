package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks hold what their items do, while items come in any order, change and go. */
class BlocksTest {

  private final States[] states = {new Count(null).newStates(RecordSchema.of())};
  private final LiveItems items = new LiveItems(states);
  private final Timeline line = new Timeline(items);
  private final Cover cover = new Cover();

  /** The same by hand: the time of each event. */
  private final List<Long> expected = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void piecesHoldWhatIsBetweenTwoPlaces(int seed) {
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
        int from = random.nextInt(line.size());
        check(from, from + random.nextInt(line.size() - from + 1));
        most = Math.max(most, cover.size());
      }
    }
    assertTrue(line.size() > 1000);
    assertTrue(most <= 64, () -> "a cover has many pieces");
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

  private void check(int from, int to) {
    cover.of(line, from, to);
    States sum = states[0].newStates();
    sum.ensure(1);
    sum.mergeAll(0, states[0], cover.slots(), 0, cover.size());
    long first = from < line.size() ? line.time(from) : Long.MAX_VALUE;
    long end = to < line.size() ? line.time(to) : Long.MAX_VALUE;
    assertEquals(
        expected.stream().filter(time -> time >= first && time < end).count(), Count.Of.at(sum, 0));
  }
}
