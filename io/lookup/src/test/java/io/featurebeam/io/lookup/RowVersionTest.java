package io.featurebeam.io.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RowVersionTest {

  @Test
  void textIsThreeNumbersWithTheSignFlipped() {
    assertEquals(
        "8000000000000001" + "7fffffffffffffff" + "ffffffffffffffff",
        new RowVersion(1, -1, RowVersion.COMPLETE).text());
  }

  @Test
  void whatIsNoVersionIsRefused() {
    assertEquals(
        "Invalid version: 'FF' (must be 48 digits of lower-case hex)",
        assertThrows(IllegalArgumentException.class, () -> RowVersion.parse("FF")).getMessage());
  }

  @Property
  void orderOfTextsIsThatOfVersions(
      @ForAll long t1, @ForAll long h1, @ForAll long r1, @ForAll long seed) {
    Random random = new Random(seed);
    RowVersion a = new RowVersion(t1, h1, r1);
    RowVersion b =
        new RowVersion(
            random.nextBoolean() ? t1 : random.nextLong(),
            random.nextBoolean() ? h1 : random.nextLong(),
            random.nextBoolean() ? r1 : random.nextLong());
    long[][] numbers = {
      {a.eventTime(), a.contentHash(), a.revision()}, {b.eventTime(), b.contentHash(), b.revision()}
    };
    int expected = Integer.signum(Arrays.compare(numbers[0], numbers[1]));
    assertEquals(expected, Integer.signum(a.compareTo(b)));
    assertEquals(expected, Integer.signum(a.text().compareTo(b.text())));
    assertEquals(List.of(a, b), List.of(RowVersion.parse(a.text()), RowVersion.parse(b.text())));
  }
}
