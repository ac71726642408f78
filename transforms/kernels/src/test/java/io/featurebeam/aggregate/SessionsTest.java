package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions at their edges, by numbers that can be followed by hand. */
class SessionsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("user", FieldType.STRING), Field.required("time", FieldType.TIMESTAMP));

  private static String rows(Emission emission, long gap, WindowBounds bounds, long... times) {
    Group group =
        new Group(
            List.of(Window.session(gap)), bounds, List.of(Feature.of("n", Aggregates.count())));
    WindowedAggregates spec =
        new WindowedAggregates(List.of("user"), "time", null, emission, List.of(group));
    List<List<@Nullable Object>> events = new ArrayList<>();
    for (long time : times) {
      events.add(Arrays.asList("a", time));
    }
    List<List<@Nullable Object>> rows =
        Plans.all(1)
            .rows(BoundAggregates.bind(spec, SCHEMA), Plans.events(SCHEMA, events), times.length);
    rows.sort(Comparator.comparing(row -> (Long) row.get(1)));
    return rows.stream().map(row -> row.subList(1, row.size()).toString()).toList().toString();
  }

  private static String closed(long gap, long... times) {
    return rows(Emission.windowClose(), gap, WindowBounds.DEFAULT, times);
  }

  @Test
  void aSilenceOfTheGapPartsTwoSessionsAndAMicrosecondLessDoesNot() {
    assertEquals("[[0, 10, 1], [10, 20, 1]]", closed(10, 0, 10));
    assertEquals("[[0, 19, 2]]", closed(10, 0, 9));
    assertEquals("[[0, 28, 3]]", closed(10, 18, 0, 9));
  }

  @Test
  void tiesAtTheGapBeginTheNextSessionTogether() {
    assertEquals("[[0, 10, 2], [10, 20, 3]]", closed(10, 0, 10, 0, 10, 10));
  }

  @Test
  void before1970IsLikeAfter() {
    assertEquals("[[-25, -6, 2], [-6, 4, 1]]", closed(10, -6, -25, -16));
    assertEquals("[[-5, 14, 2]]", closed(10, -5, 4));
  }

  @Test
  void aGapOfOneMicrosecondHoldsTiesAlone() {
    assertEquals("[[-1, 0, 2], [0, 1, 1], [1, 2, 1]]", closed(1, -1, 0, 1, -1));
  }

  @Test
  void sessionsReachToTheLastTimestampThereIs() {
    long last = Long.MAX_VALUE - 10;
    assertEquals(
        "[["
            + Long.MIN_VALUE
            + ", "
            + (Long.MIN_VALUE + 10)
            + ", 1], ["
            + (last - 9)
            + ", "
            + Long.MAX_VALUE
            + ", 2]]",
        closed(10, last, Long.MIN_VALUE, last - 9));
  }

  @Test
  void anEventSeesItsSessionSoFarWithoutItself() {
    assertEquals(
        "[[0, 0], [9, 1], [18, 2], [28, 0], [28, 0]]",
        rows(Emission.everyEvent(), 10, WindowBounds.DEFAULT, 28, 0, 9, 18, 28));
    assertEquals(
        "[[0, 1], [9, 2], [18, 3], [28, 2], [28, 2]]",
        rows(Emission.everyEvent(), 10, WindowBounds.FEAST, 28, 0, 9, 18, 28));
    assertEquals(
        "[[0, 0], [9, 1], [18, 2], [28, 1], [28, 1]]",
        rows(
            Emission.everyEvent(),
            10,
            WindowBounds.FEAST.withExcludeCurrent(true),
            28,
            0,
            9,
            18,
            28));
  }

  @Test
  void aDelayMovesTheEndOfTheSessionToo() {
    assertEquals(
        "[[0, 0], [9, 1], [14, 2]]",
        rows(Emission.everyEvent(), 10, WindowBounds.DEFAULT.withDelay(4), 0, 9, 14));
    assertEquals(
        "[[0, 0], [13, 1], [14, 0]]",
        rows(Emission.everyEvent(), 10, WindowBounds.DEFAULT.withDelay(4), 0, 13, 14));
  }

  @Test
  void aHopSeesTheSessionThatIsOpenAtItsEnd() {
    assertEquals(
        "[[20, 0], [40, 2], [60, 1]]",
        rows(Emission.every(20), 10, WindowBounds.DEFAULT, 0, 9, 31, 39, 55));
  }

  @Test
  void aRowCapTakesTheLatestOfTheSession() {
    assertEquals(
        "[[0, 0], [9, 1], [18, 2], [27, 2]]",
        rows(Emission.everyEvent(), 10, WindowBounds.DEFAULT.withRowCap(2), 0, 9, 18, 27));
  }
}
