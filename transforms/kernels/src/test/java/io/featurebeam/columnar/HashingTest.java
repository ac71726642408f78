package io.featurebeam.columnar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Pins the hash: shards, hashed features and ties of every release depend on these very numbers.
 */
class HashingTest {

  @Test
  void bytesHashToTheseNumbersForever() {
    assertEquals(0xED9966E6C788B91DL, hash(""));
    assertEquals(0xAB9DFC7F775634AL, hash("a"));
    assertEquals(0xD1D4411A3200E19BL, hash("12345678"));
    assertEquals(0x26952EC1F7679E6CL, hash("user-00042/é"));
  }

  @Test
  void numbersHashToTheseNumbersForever() {
    assertEquals(0x9CA066F1A4AB2EEAL, Hashing.hash(0L));
    assertEquals(0x3CD617BBBCC39640L, Hashing.hash(-1L));
    assertEquals(0x34DBB082ADD277C2L, Hashing.hash(0.1));
    assertEquals(0x6E54CC947BA2590FL, Hashing.combine(1, 2));
    assertEquals(0xB456BCFC34C2CB2CL, Hashing.mix(1));
  }

  @Test
  void equalNumbersHashAlikeWhateverTheirType() {
    assertEquals(Hashing.hash(3L), Hashing.hash(3.0));
    assertEquals(Hashing.hash(0.0), Hashing.hash(-0.0));
    assertEquals(Hashing.hash(Double.NaN), Hashing.hash(Double.longBitsToDouble(-1L)));
    assertNotEquals(Hashing.hash(0.1), Hashing.hash(0.2));
  }

  @Test
  void theHashIsOfTheBytesWhereverTheyLie() {
    byte[] padded = "xx12345678901yy".getBytes(UTF_8);
    assertEquals(hash("12345678901"), Hashing.hash(padded, 2, 13));
  }

  @Test
  void zeroBytesAndLengthCount() {
    assertNotEquals(hash(""), hash("\0"));
    assertNotEquals(hash("\0"), hash("\0\0"));
    assertNotEquals(hash("a"), hash("a\0"));
  }

  @Test
  void lowBitsSpreadEvenly() {
    int[] shards = new int[64];
    Set<Long> all = new HashSet<>();
    for (int i = 0; i < 64_000; i++) {
      long h = hash("user-" + i);
      all.add(h);
      shards[(int) (h & 63)]++;
    }
    assertEquals(64_000, all.size());
    for (int count : shards) {
      assertTrue(Math.abs(count - 1000) < 200, "a shard of " + count); // six standard deviations
    }
  }

  @Test
  void mixIsABijectionSoNothingCollides() {
    SplittableRandom random = new SplittableRandom(5);
    Set<Long> seen = new HashSet<>();
    Set<Long> mixed = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      long x = random.nextLong();
      seen.add(x);
      mixed.add(Hashing.mix(x));
    }
    assertEquals(seen.size(), mixed.size());
  }

  private static long hash(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return Hashing.hash(bytes, 0, bytes.length);
  }
}
