package io.featurebeam.drift;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CorrectionTest {

  private static final double[] P = {0.01, 0.04, 0.03, 0.005};

  /** By hand from the two papers: p times what is left, never below the one before it. */
  @Test
  void holmTakesTheSmallestTimesAll() {
    assertArrayEquals(new double[] {0.03, 0.06, 0.06, 0.02}, Correction.HOLM.adjust(P), 1e-12);
  }

  /** By hand: p times all by its rank, never above the one after it. */
  @Test
  void benjaminiHochbergTakesTheShareAmongThose() {
    assertArrayEquals(
        new double[] {0.02, 0.04, 0.04, 0.02}, Correction.BENJAMINI_HOCHBERG.adjust(P), 1e-12);
  }

  @Test
  void noneChangesNothing() {
    assertArrayEquals(P, Correction.NONE.adjust(P));
  }

  @Test
  void whatIsNoTestDoesNotCount() {
    double nan = Double.NaN;
    assertArrayEquals(
        new double[] {nan, 0.02, nan, 0.3}, Correction.HOLM.adjust(nan, 0.01, nan, 0.3), 1e-12);
    assertArrayEquals(new double[0], Correction.HOLM.adjust());
  }

  @Property(tries = 200)
  void adjustedIsNoSmallerAndInTheSameOrder(@ForAll long seed) {
    Random random = new Random(seed);
    double[] p = new double[1 + random.nextInt(20)];
    for (int i = 0; i < p.length; i++) {
      p[i] = random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble();
    }
    double[] holm = Correction.HOLM.adjust(p);
    double[] hochberg = Correction.BENJAMINI_HOCHBERG.adjust(p);
    for (int i = 0; i < p.length; i++) {
      assertTrue(p[i] <= hochberg[i] + 1e-15 && hochberg[i] <= holm[i] + 1e-15 && holm[i] <= 1);
      for (int j = 0; j < p.length; j++) {
        assertTrue(p[i] > p[j] || (holm[i] <= holm[j] && hochberg[i] <= hochberg[j]));
      }
    }
  }
}
