package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A window that has moved holds what one merged anew does, while items come in any order. */
class RunningWindowsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(List.of(Field.of("x", FieldType.FLOAT64), Field.of("n", FieldType.INT64)));

  /** Parts that take out, in each of their ways, and one that cannot. */
  private static final List<Part> PARTS =
      List.of(
          new Count(null),
          new Sum("x"),
          new Sum("n"),
          new Variance("x", false, false).parts().get(1),
          new Extremum("x", true).parts().get(0),
          new Extremum("n", false).parts().get(0),
          new Last("n"),
          new Weighted(Weighted.Kind.SUM, "x", "n", false).parts().get(0));

  private static final double[] STRANGE = {
    1e308, -1e308, 1e-308, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0
  };

  private final States[] states =
      PARTS.stream().map(part -> part.newStates(SCHEMA)).toArray(States[]::new);
  private final LiveItems items = new LiveItems(states);
  private final Timeline line = new Timeline(items);
  private final RunningWindows.Shared shared =
      new RunningWindows.Shared(
          items,
          List.of(
              new Frame(new Window(1), WindowBounds.DEFAULT),
              new Frame(new Window(2), WindowBounds.DEFAULT)),
          new int[][] {{0, 1, 2, 3, 4, 5, 6, 7}, {5, 4, 0}});

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void aMovedWindowHoldsWhatIsBetweenItsPlaces(int seed) {
    Random random = new Random(seed);
    int from = 0;
    for (int step = 0; step < 3000; step++) {
      arrive(random, step);
      if (random.nextInt(200) == 0) {
        int gone = random.nextInt(line.size() + 1);
        drop(gone);
        from = Math.max(0, from - gone);
      }
      from = Math.min(line.size(), Math.max(0, from + (random.nextInt(20) == 0 ? -5 : 1)));
      int reach = random.nextInt(10) == 0 ? random.nextInt(200) : 30;
      check(0, from, Math.min(line.size(), from + reach));
      check(1, from / 2, line.size());
    }
    drop(line.size());
    assertEquals(0, items.size());
  }

  private void arrive(Random random, long now) {
    long time = random.nextInt(10) == 0 ? now - random.nextInt(40) : now;
    int slot = line.changing(time);
    if (slot < 0) {
      slot = items.add(0, 0, 0);
      line.insert(slot, time);
    }
    items.addEvents(slot, 1);
    double x =
        random.nextInt(50) == 0
            ? STRANGE[random.nextInt(STRANGE.length)]
            : random.nextInt(100_000) / 100.0;
    long n = random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(5);
    for (int p = 0; p < states.length; p++) {
      List<Column> columns =
          PARTS.get(p).inputs().stream()
              .map(
                  name ->
                      name.equals("x")
                          ? (Column) DoubleColumn.of(x)
                          : LongColumn.of(FieldType.INT64, n))
              .toList();
      Inputs.Ties ties = new Inputs.Ties(new long[] {now}, new long[] {n});
      states[p].accumulate(new Inputs(columns, new long[] {time}, ties, 1), new int[] {slot});
    }
  }

  private void drop(int places) {
    for (int place = 0; place < places; place++) {
      items.remove(line.slot(place));
    }
    line.removeFirst(places);
  }

  private void check(int frame, int from, int to) {
    RunningWindows windows = line.windows(shared);
    long events = 0;
    for (int place = from; place < to; place++) {
      events += items.events(line.slot(place));
    }
    assertEquals(events, windows.events(from, to, line));
    if (from >= to) {
      return;
    }
    int slot = windows.move(frame, from, to, line);
    for (int part : frame == 0 ? new int[] {0, 1, 2, 3, 4, 5, 6, 7} : new int[] {5, 4, 0}) {
      States anew = states[part].newStates();
      anew.ensure(1);
      anew.mergeAll(0, states[part], line.slots(), from, to);
      assertEquals(text(anew, 0), text(states[part], slot), "part " + PARTS.get(part));
    }
  }

  /** What can be told apart: of exact sums the value, not the parts that make it up. */
  private static String text(States states, int slot) {
    List<Column> saved = states.save(new int[] {slot});
    if (states instanceof SumStates sums) {
      double value = sums.sums.value(slot);
      return value
          + " "
          + (Double.isFinite(value) ? sums.sums.exact(slot).stripTrailingZeros() : "")
          + values(saved.subList(ExactSums.SAVED_TYPES.size(), saved.size()));
    }
    return values(saved);
  }

  private static String values(List<Column> columns) {
    return columns.stream().map(column -> String.valueOf(column.value(0))).toList().toString();
  }
}
