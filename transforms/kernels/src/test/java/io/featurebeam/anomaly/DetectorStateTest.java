package io.featurebeam.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The binary form: saving and loading between any two values changes nothing. */
class DetectorStateTest {

  private static final List<Detector> DETECTORS =
      List.of(
          Detectors.of(Detectors.zScore("x", 2, 0)),
          Detectors.of(Detectors.robustZScore("x", 20, 3, false, 0)),
          Detectors.of(Detectors.robustZScore("x", 7, 3, true, 0.1)),
          Detectors.of(Detectors.iqr("x", 20, 1, 0), Threshold.quantile(0.9, 17)),
          Detectors.of(Detectors.ewmaChart("x", 0.3, 12, 0)),
          Detectors.of(Detectors.ewmaChartOf("x", 0.1, 0, 10)),
          Detectors.of(Detectors.holtWinters("x", 5)),
          Detectors.of(
              Detectors.halfSpaceTrees(List.of("x", "y"), 4, 5, 30, 9),
              Threshold.quantile(0.95, 50)),
          Detectors.majority(
              Detectors.of(Detectors.zScore("y")),
              Detectors.of(Detectors.halfSpaceTrees(List.of("x"), 3, 4, 20, 1)),
              Detectors.any(Detectors.of(Detectors.iqr("x", 9, 4, 0)))),
          Detectors.mean(
              Threshold.quantile(0.8, 30),
              Detectors.zScore("x"),
              Detectors.holtWinters("y", 3, 0.5, 0.2, 0.3, 0.1)),
          Detectors.max(Threshold.fixed(2), Detectors.iqr("x", 30, 2, 0), Detectors.zScore("y")));

  /** With nulls, infinities, ties and jumps. */
  private static double[] values(Random random, int width) {
    double[] values = new double[width];
    for (int i = 0; i < width; i++) {
      int kind = random.nextInt(30);
      values[i] =
          kind == 0
              ? Double.NaN
              : kind == 1
                  ? Double.NEGATIVE_INFINITY
                  : kind < 8
                      ? random.nextInt(4)
                      : random.nextGaussian() * 10 + (kind == 8 ? 90 : 0);
    }
    return values;
  }

  @Property(tries = 40)
  void savingBetweenAnyTwoValuesChangesNothing(@ForAll long seed) {
    for (Detector detector : DETECTORS) {
      Random random = new Random(seed);
      Random cuts = new Random(seed + 1);
      int each = 1 + cuts.nextInt(20);
      DetectorState whole = detector.newState();
      DetectorState cut = detector.newState();
      for (int i = 0; i < 150; i++) {
        double[] values = values(random, detector.columns().size());
        assertEquals(whole.next(values), cut.next(values), detector.id() + " at " + i);
        if (cuts.nextInt(each) == 0) {
          byte[] bytes = cut.toBytes();
          cut = detector.fromBytes(bytes);
          assertArrayEquals(bytes, cut.toBytes(), detector.id() + " at " + i);
        }
      }
      assertArrayEquals(whole.toBytes(), cut.toBytes(), detector.id());
    }
  }

  @Property(tries = 40)
  void aStateOfOtherBytesIsRefusedOrIsAState(@ForAll long seed) {
    Random random = new Random(seed);
    for (Detector detector : DETECTORS) {
      DetectorState state = detector.newState();
      int width = detector.columns().size();
      for (int i = 0; i < 60; i++) {
        state.next(values(random, width));
      }
      byte[] bytes = state.toBytes();
      byte[] shorter = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      assertThrows(IllegalArgumentException.class, () -> detector.fromBytes(shorter));
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThrows(IllegalArgumentException.class, () -> detector.fromBytes(longer));
      byte[] broken = bytes.clone();
      for (int flips = 0; flips < 3; flips++) {
        broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        detector.fromBytes(broken).next(values(random, width)); // whatever it says, it returns
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().startsWith("Invalid detector state at byte "), e.getMessage());
      }
    }
  }

  @Test
  void bytesOfALaterReleaseAreRefused() {
    Detector detector = DETECTORS.get(0);
    byte[] bytes = detector.newState().toBytes();
    bytes[0] = 2;
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> detector.fromBytes(bytes));
    assertEquals(
        "Invalid detector state at byte 1 of 25: its version is 2 (this release reads 1)",
        e.getMessage());
  }

  @Test
  void statesAreSmall() {
    Random random = new Random(3);
    Detector trees = Detectors.of(Detectors.halfSpaceTrees(List.of("x", "y")));
    DetectorState state = trees.newState();
    for (int i = 0; i < 5_000; i++) {
      state.next(random.nextGaussian(), random.nextGaussian());
    }
    assertTrue(state.toBytes().length < 20_000, "bytes: " + state.toBytes().length);
  }

  @Test
  void detectorsAreSerializableValues() throws IOException, ClassNotFoundException {
    for (Detector detector : DETECTORS) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(detector);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertEquals(detector, in.readObject());
      }
    }
  }
}
