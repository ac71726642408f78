package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitmapTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 127, 128, 129, 200})
  void onesAndZerosHoldExactlyTheirLength(int length) {
    assertEquals(length, Bitmap.ones(length).cardinality());
    assertTrue(Bitmap.ones(length).isAllSet());
    assertTrue(Bitmap.zeros(length).isEmpty());
    assertEquals(Bitmap.zeros(length), Bitmap.ones(length).not());
    assertEquals(Bitmap.ones(length), Bitmap.zeros(length).not());
    assertEquals("1".repeat(length), Bitmap.ones(length).toString());
  }

  @Test
  void wrapClearsBitsPastTheLength() {
    Bitmap bits = Bitmap.wrap(new long[] {-1L, -1L}, 3);
    assertEquals(3, bits.cardinality());
    assertEquals(1, bits.words().length);
  }

  @Test
  void wrapRefusesTooFewWords() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Bitmap.wrap(new long[1], 65));
    assertEquals("Invalid bitmap: 1 words for 65 bits (needs 2)", e.getMessage());
  }

  @Test
  void logicEqualsBitByBit() {
    SplittableRandom random = new SplittableRandom(1);
    RandomBatches batches = new RandomBatches(random);
    for (int length = 0; length < 140; length++) {
      Bitmap a = batches.bits(length, 2);
      Bitmap b = batches.bits(length, 3);
      for (int i = 0; i < length; i++) {
        assertEquals(a.get(i) && b.get(i), a.and(b).get(i));
        assertEquals(a.get(i) || b.get(i), a.or(b).get(i));
        assertEquals(a.get(i) && !b.get(i), a.andNot(b).get(i));
        assertEquals(!a.get(i), a.not().get(i));
      }
      assertEquals(length - a.cardinality(), a.not().cardinality());
    }
  }

  @Test
  void operandsOfDifferentLengthAreRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Bitmap.ones(3).and(Bitmap.ones(4)));
    assertEquals("Bitmaps differ in length: 3 and 4", e.getMessage());
  }

  @Test
  void nullValidityStandsForAllSet() {
    Bitmap some = Bitmap.of(true, false);
    assertNull(Bitmap.both(null, null));
    assertSame(some, Bitmap.both(some, null));
    assertSame(some, Bitmap.both(null, some));
    assertEquals(Bitmap.of(true, false), Bitmap.both(some, Bitmap.ones(2)));
  }

  @Test
  void sliceAndGatherEqualBitByBitAtEveryShift() {
    Bitmap bits = new RandomBatches(new SplittableRandom(2)).bits(200, 2);
    for (int from = 0; from <= 200; from++) {
      for (int to : new int[] {from, Math.min(200, from + 64), Math.min(200, from + 77), 200}) {
        Bitmap slice = bits.slice(from, to);
        assertEquals(bits.toString().substring(from, to), slice.toString());
        int[] rows = new int[to - from];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = from + i;
        }
        assertEquals(slice, bits.gather(rows));
        assertEquals(slice.hashCode(), bits.gather(rows).hashCode());
      }
    }
    assertThrows(IndexOutOfBoundsException.class, () -> bits.slice(0, 201));
  }

  @Test
  void indexesAreTheSetBits() {
    assertArrayEquals(new int[] {0, 3, 64, 129}, bits(130, 0, 3, 64, 129).indexes());
    assertArrayEquals(new int[0], Bitmap.zeros(70).indexes());
  }

  @Test
  void lengthIsPartOfEquality() {
    assertNotEquals(Bitmap.zeros(3), Bitmap.zeros(4));
    assertFalse(Objects.equals(Bitmap.zeros(3), null));
  }

  @Test
  void copyBitsJoinsAtEveryPlace() {
    RandomBatches random = new RandomBatches(new SplittableRandom(3));
    for (int head = 0; head < 130; head++) {
      for (int tail : new int[] {0, 1, 63, 64, 65, 128}) {
        Bitmap a = random.bits(head, 2);
        Bitmap b = random.bits(tail, 2);
        long[] words = new long[Bitmap.wordCount(head + tail)];
        Column.copyBits(a, words, 0);
        Column.copyBits(b, words, head);
        assertEquals(a.toString() + b.toString(), Bitmap.wrap(words, head + tail).toString());
      }
    }
  }

  @Test
  void builderTakesBackBits() {
    for (int kept : new int[] {0, 1, 63, 64, 65, 128, 300}) {
      Bitmap.Builder builder = new Bitmap.Builder();
      for (int i = 0; i < 300; i++) {
        builder.append(i % 3 == 0);
      }
      builder.truncate(kept);
      builder.append(false);
      builder.append(true);
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < kept; i++) {
        expected.append(i % 3 == 0 ? '1' : '0');
      }
      assertEquals(expected + "01", builder.build().toString());
    }
  }

  @Test
  void validityIsNullWhenTheOnlyNullWasTakenBack() {
    Bitmap.Builder builder = new Bitmap.Builder();
    builder.append(true);
    assertNull(builder.buildValidity());
    builder.append(false);
    assertEquals(Bitmap.of(true, false), builder.buildValidity());
    builder.truncate(1);
    assertNull(builder.buildValidity());
  }

  private static Bitmap bits(int length, int... set) {
    boolean[] bits = new boolean[length];
    for (int i : set) {
      bits[i] = true;
    }
    return Bitmap.of(bits);
  }
}
