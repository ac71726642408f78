package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PositionsTest {

  private static final Positions TWO =
      Positions.of(List.of("a", "b"), new int[] {0, 1, 0}, new long[] {5, 6, 7});

  @Test
  void unknownHasNoSourceAndPlaceMinusOne() {
    Positions unknown = Positions.unknown();
    assertFalse(unknown.isKnown());
    assertEquals("", unknown.source(3));
    assertEquals(-1, unknown.place(3));
    assertFalse(unknown.gather(new int[] {1}).isKnown());
    assertFalse(unknown.slice(0, 1).isKnown());
  }

  @Test
  void contiguousCountsFromItsFirst() {
    Positions rows = Positions.contiguous("f", 10);
    assertEquals(12, rows.place(2));
    assertEquals("f", rows.source(2));
    assertEquals(14, rows.slice(3, 5).place(1));
    assertEquals(13, rows.gather(new int[] {9, 3}).place(1));
  }

  @Test
  void manySourcesFollowTheirRows() {
    assertEquals("b 6", at(TWO, 1));
    assertEquals("b 6", at(TWO.slice(1, 3), 0));
    assertEquals("a 7", at(TWO.gather(new int[] {2, 1}), 0));
  }

  @Test
  void adjacentPartsStayContiguous() {
    Positions rows = Positions.contiguous("f", 10);
    Positions joined =
        Positions.concat(
            List.of(rows.slice(0, 2), Positions.unknown(), rows.slice(2, 5)), new int[] {2, 0, 3});
    assertTrue(joined.isContiguous());
    assertEquals("f 14", at(joined, 4));
  }

  @Test
  void partsApartKeepEachPlace() {
    Positions joined =
        Positions.concat(
            List.of(Positions.contiguous("f", 0), TWO, Positions.contiguous("b", 9)),
            new int[] {2, 3, 1});
    assertEquals(List.of("f", "a", "b"), joined.sources());
    assertEquals("f 1", at(joined, 1));
    assertEquals("a 5", at(joined, 2));
    assertEquals("b 9", at(joined, 5));
  }

  @Test
  void oneUnknownPartMakesAllUnknown() {
    assertFalse(Positions.concat(List.of(TWO, Positions.unknown()), new int[] {3, 1}).isKnown());
  }

  @Test
  void equalityLooksAtTheRecordsOnly() {
    Positions a = Positions.contiguous("f", 3);
    assertTrue(a.equal(Positions.of("f", new long[] {3, 4, 99}), 2));
    assertFalse(a.equal(Positions.of("f", new long[] {3, 4, 99}), 3));
    assertFalse(a.equal(Positions.contiguous("g", 3), 1));
    assertFalse(a.equal(Positions.unknown(), 1));
  }

  private static String at(Positions positions, int row) {
    return positions.source(row) + " " + positions.place(row);
  }
}
