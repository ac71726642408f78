package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, decoding gives a batch or an IllegalArgumentException, soon and in bounded
 * memory. {@code -Dfuzz.inputs=1000000} sets how many inputs are tried, {@code -Dfuzz.seed} which.
 */
class BatchCodecFuzzTest {

  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 50_000);
  private static final long SEED = Long.getLong("fuzz.seed", 1L);

  private int decoded;
  private int refused;

  @Test
  void damagedBytesDecodeOrAreRefused() {
    SplittableRandom random = new SplittableRandom(SEED);
    RandomBatches batches = new RandomBatches(random);
    byte[] valid = {};
    for (int i = 0; i < INPUTS; i++) {
      if (i % 20 == 0) {
        valid = BatchCodec.encode(batches.batch(batches.schema(), random.nextInt(40)));
      }
      byte[] input = damaged(valid, random);
      long started = System.nanoTime();
      attempt(input);
      long millis = (System.nanoTime() - started) / 1_000_000;
      assertTrue(millis < 5_000, "input " + i + " took " + millis + " ms");
    }
    assertEquals(INPUTS, decoded + refused);
    assertTrue(decoded > 0, "some damage is harmless");
    assertTrue(refused > INPUTS / 4, "most damage is found");
  }

  @Test
  void noLengthInTheInputAllocatesMoreThanItsBound() {
    // A header that claims four million rows of 60,000 constant columns: 2 TB if it were believed.
    byte[] header = {0x42, 0x46, 1, -128, -128, -128, 2, -32, -44, 3};
    byte[] input = new byte[1_000_000];
    System.arraycopy(header, 0, input, 0, header.length);
    int at = header.length;
    for (int i = 0; i < 60_000; i++) {
      byte[] name = {3, (byte) ('!' + i % 90), (byte) ('!' + i / 90 % 90), (byte) ('!' + i / 8100)};
      System.arraycopy(name, 0, input, at, 4);
      input[at + 4] = 1; // int64
      at += 6;
    }
    byte[] exact = Arrays.copyOf(input, at + 1 + 60_000 * 10);
    Assertions.assertTimeout(Duration.ofSeconds(20), () -> attempt(exact));
    assertEquals(1, refused);
  }

  private void attempt(byte[] input) {
    try {
      assertNotNull(BatchCodec.decode(input));
      decoded++;
    } catch (IllegalArgumentException e) {
      assertNotNull(e.getMessage());
      refused++;
    }
  }

  private static byte[] damaged(byte[] valid, SplittableRandom random) {
    byte[] input = valid.clone();
    switch (random.nextInt(6)) {
      case 0 -> {
        input = new byte[random.nextInt(64)];
        random.nextBytes(input);
        byte[] mark = {0x42, 0x46, 1};
        if (random.nextBoolean()) {
          System.arraycopy(mark, 0, input, 0, Math.min(3, input.length));
        }
      }
      case 1 -> input = Arrays.copyOf(input, random.nextInt(input.length + 1));
      case 2 -> {
        int from = random.nextInt(input.length);
        byte[] part = Arrays.copyOfRange(input, from, input.length);
        input = Arrays.copyOf(input, input.length + random.nextInt(8));
        System.arraycopy(part, 0, input, input.length - part.length, part.length);
      }
      default -> {
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          int at = random.nextInt(input.length);
          if (random.nextInt(3) == 0) {
            input[at] = (byte) random.nextInt(256);
          } else {
            input[at] ^= (byte) (1 << random.nextInt(8));
          }
        }
      }
    }
    return input;
  }
}
