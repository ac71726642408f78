package io.featurebeam.columnar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlicesTest {

  private static final Slices SLICES = slices("a", "", "ccc", "dé");

  @Test
  void entriesKeepTheirBytes() {
    assertEquals(List.of("a", "", "ccc", "dé"), strings(SLICES));
    assertArrayEquals("dé".getBytes(UTF_8), SLICES.bytes(3));
    assertEquals(3, SLICES.length(2));
    assertEquals(7, SLICES.byteSize());
  }

  @Test
  void sliceThatDoesNotStartAtZeroIsLikeAnyOther() {
    Slices middle = SLICES.slice(2, 4);
    assertEquals(List.of("ccc", "dé"), strings(middle));
    assertEquals(6, middle.byteSize());
    assertEquals(List.of("dé", "ccc", "dé"), strings(middle.gather(new int[] {1, 0, 1})));
    assertEquals(List.of("dé"), strings(middle.slice(1, 2)));
    assertTrue(middle.equal(0, SLICES, 2));
    assertEquals(SLICES.hash(3), middle.hash(1));
    assertEquals(List.of(), strings(SLICES.slice(4, 4)));
    assertEquals(0, SLICES.slice(4, 4).byteSize());
  }

  @Test
  void offsetsLongerThanTheSizeDoNotCount() {
    Slices slices = Slices.wrap("abcdef".getBytes(UTF_8), new int[] {1, 2, 4, 99}, 2);
    assertEquals(List.of("b", "cd"), strings(slices));
    assertEquals(3, slices.byteSize());
    assertThrows(IndexOutOfBoundsException.class, () -> slices.slice(0, 3));
    assertSame(slices, slices.slice(0, 2));
  }

  @Test
  void orderIsUnsignedBytes() {
    Slices s = slices("a", "b", "é", "ab");
    assertTrue(s.compare(0, s, 1) < 0);
    assertTrue(s.compare(2, s, 1) > 0);
    assertTrue(s.compare(0, s, 3) < 0);
    assertEquals(0, s.compare(3, slices("ab"), 0));
    assertFalse(s.equal(0, s, 1));
  }

  @Test
  void wrapRefusesOffsetsThatDoNotFit() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Slices.wrap(new byte[3], new int[] {0, 4}, 1));
    assertEquals("Invalid slices: 1 entries, 2 offsets, 3 bytes", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Slices.wrap(new byte[3], new int[] {0}, 1));
    assertThrows(
        IllegalArgumentException.class, () -> Slices.wrap(new byte[3], new int[] {-1, 3}, 1));
  }

  @Test
  void builderGrowsAndTakesBack() {
    Slices.Builder builder = new Slices.Builder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String text = "é".repeat(i % 50);
      byte[] bytes = ("x" + text).getBytes(UTF_8);
      builder.append(bytes, 1, bytes.length - 1);
      expected.add(text);
    }
    builder.truncate(990);
    builder.append("end".getBytes(UTF_8), 0, 3);
    assertEquals(991, builder.size());
    Slices built = builder.build();
    assertEquals(expected.subList(0, 990), strings(built).subList(0, 990));
    assertEquals("end", built.string(990));
    assertEquals(built.byteSize(), built.data().length);
  }

  private static Slices slices(String... values) {
    return Slices.of(List.of(values).stream().map(v -> v.getBytes(UTF_8)).toList());
  }

  private static List<String> strings(Slices slices) {
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < slices.size(); i++) {
      strings.add(slices.string(i));
    }
    return strings;
  }
}
