package io.featurebeam.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.time.WindowBounds.Ties;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class WindowBoundsTest {

  private static final Window TEN = new Window(10);

  @Test
  void eachProfileSeesItsInterval() {
    assertSees(WindowBounds.DEFAULT, 90, 99);
    assertSees(WindowBounds.FEAST, 90, 100);
    assertSees(WindowBounds.FEATHR, 91, 100);
    assertSees(WindowBounds.OPENMLDB, 90, 100);
    assertSees(WindowBounds.CHRONON, 0, 99);
    assertSees(WindowBounds.chronon(8), 88, 99);
  }

  @Test
  void eachOptionMovesItsEnd() {
    assertSees(WindowBounds.DEFAULT.withDelay(5), 85, 94);
    assertSees(WindowBounds.FEATHR.withDelay(5), 86, 95);
    assertSees(WindowBounds.DEFAULT.withHop(7), 84, 99);
    assertSees(WindowBounds.DEFAULT.withRowCap(3).withExcludeCurrent(true), 90, 99);
  }

  @Test
  void rowsAreCountedAndTiesAllSeenUnlessSaidOtherwise() {
    for (WindowBounds bounds :
        List.of(
            WindowBounds.DEFAULT, WindowBounds.FEAST, WindowBounds.CHRONON, WindowBounds.FEATHR)) {
      assertEquals(0, bounds.rowDelay());
      assertEquals(Ties.ALL, bounds.ties());
    }
    assertEquals(0, WindowBounds.OPENMLDB.rowDelay());
    assertEquals(Ties.BEFORE, WindowBounds.OPENMLDB.ties());
    assertEquals(3, WindowBounds.DEFAULT.withRowDelay(3).withDelay(1).rowDelay());
  }

  @Test
  void eventsAreToldApartWhereRowsAreCountedOrTiesDiffer() {
    assertFalse(WindowBounds.FEAST.withDelay(5).withExcludeCurrent(true).tellsEventsApart());
    assertTrue(WindowBounds.FEAST.withRowCap(1).tellsEventsApart());
    assertTrue(WindowBounds.FEAST.withRowDelay(1).tellsEventsApart());
    assertTrue(WindowBounds.FEAST.withTies(Ties.NONE).tellsEventsApart());
    assertTrue(WindowBounds.OPENMLDB.tellsEventsApart());
  }

  @Test
  void aHopIsFlooredBefore1970Too() {
    assertEquals(-16, WindowBounds.chronon(8).firstSeen(-1, TEN));
    assertEquals(-86_400_000_000L, WindowBounds.CHRONON.firstSeen(0, TEN));
  }

  @Test
  void aLifetimeHasNoBeginning() {
    assertEquals(Long.MIN_VALUE, WindowBounds.FEATHR.firstSeen(100, Window.LIFETIME));
    assertEquals(Long.MAX_VALUE, WindowBounds.FEATHR.reach(Window.LIFETIME));
  }

  @Test
  void whatLiesBeforeTheFirstMicrosecondSaturates() {
    Window longest = new Window(Long.MAX_VALUE - 1);
    assertEquals(Long.MIN_VALUE, WindowBounds.DEFAULT.firstSeen(-10, longest));
    assertEquals(Long.MIN_VALUE, WindowBounds.CHRONON.firstSeen(-10, longest));
    assertEquals(Long.MIN_VALUE, WindowBounds.FEATHR.withDelay(100).firstSeen(-10, longest));
    assertEquals(Long.MAX_VALUE, WindowBounds.CHRONON.reach(longest));
  }

  @Test
  void anEdgeExactlyAtTheFirstMicrosecondIsOpenOrClosed() {
    long t = Long.MIN_VALUE + 10;
    assertEquals(Long.MIN_VALUE, WindowBounds.FEAST.firstSeen(t, TEN));
    assertEquals(Long.MIN_VALUE + 1, WindowBounds.FEATHR.firstSeen(t, TEN));
    assertEquals(Long.MIN_VALUE, WindowBounds.FEATHR.firstSeen(t - 1, TEN));
  }

  @Test
  void theLastMicrosecondIsSeenByAClosedEndAlone() {
    assertFalse(WindowBounds.FEAST.endsBefore(Long.MAX_VALUE, Long.MAX_VALUE));
    assertTrue(WindowBounds.DEFAULT.endsBefore(Long.MAX_VALUE, Long.MAX_VALUE));
  }

  @Test
  void aWindowThatEndsBeforeTheFirstMicrosecondSeesNothing() {
    long t = Long.MIN_VALUE + 4;
    assertTrue(WindowBounds.FEAST.withDelay(5).endsBefore(Long.MIN_VALUE, t));
    assertFalse(WindowBounds.FEAST.withDelay(4).endsBefore(Long.MIN_VALUE, t));
    assertTrue(WindowBounds.DEFAULT.withDelay(4).endsBefore(Long.MIN_VALUE, t));
  }

  @Test
  void reachIsAtLeastTheDistanceToTheFirstEventSeen() {
    WindowBounds bounds = WindowBounds.chronon(7).withDelay(3);
    for (long t = -20; t < 20; t++) {
      long distance = t - bounds.firstSeen(t, TEN);
      assertTrue(distance <= bounds.reach(TEN), "t " + t);
    }
  }

  @Test
  void negativesAreRefused() {
    assertFails("Invalid delay: -1 (must be >= 0)", () -> WindowBounds.DEFAULT.withDelay(-1));
    assertFails("Invalid hop: -1 (must be >= 0)", () -> WindowBounds.DEFAULT.withHop(-1));
    assertFails("Invalid rowCap: -1 (must be >= 0)", () -> WindowBounds.DEFAULT.withRowCap(-1));
  }

  @Test
  void emptyWindowsAndHopsAreRefused() {
    assertFails("Invalid window: 0 microseconds (must be > 0)", () -> new Window(0));
    assertFails("Invalid every: 0 (must be > 0)", () -> Emission.every(0));
  }

  private static void assertSees(WindowBounds bounds, long first, long last) {
    assertEquals(first, bounds.firstSeen(100, TEN));
    assertFalse(bounds.endsBefore(last, 100));
    assertTrue(bounds.endsBefore(last + 1, 100));
  }

  private static void assertFails(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
