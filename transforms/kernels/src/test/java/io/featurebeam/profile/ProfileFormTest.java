package io.featurebeam.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merging and the binary form, on batches that look for trouble. */
class ProfileFormTest {

  private static RecordSchema schema(RandomBatches random) {
    RecordSchema schema = random.schema();
    while (schema.size() < 3) {
      schema = random.schema();
    }
    return schema;
  }

  private static BatchProfile profile(RecordSchema schema, List<RecordBatch> batches) {
    BatchProfile profile = BatchProfile.of(schema, List.of("c2"));
    batches.forEach(profile::add);
    return profile;
  }

  private static List<RecordBatch> batches(RandomBatches random, RecordSchema schema) {
    List<RecordBatch> batches = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      batches.add(random.batch(schema, 40));
    }
    return batches;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void partsInAnyOrderMergeToTheWhole(int seed) {
    RandomBatches random = new RandomBatches(new SplittableRandom(seed));
    RecordSchema schema = schema(random);
    List<RecordBatch> batches = batches(random, schema);
    List<RecordBatch> shuffled = new ArrayList<>(batches);
    Collections.shuffle(shuffled, new Random(seed));
    BatchProfile merged = profile(schema, shuffled.subList(0, 2));
    BatchProfile rest = profile(schema, shuffled.subList(2, 6));
    byte[] restBefore = rest.toBytes();
    merged.merge(BatchProfile.of(schema, List.of("c2")));
    merged.merge(rest);

    // So few values are all kept: every statistic is exact, hence equal.
    assertEquals(profile(schema, batches).columns(), merged.columns());
    assertArrayEquals(restBefore, rest.toBytes(), "what was merged stays as it is");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theBinaryFormKeepsEverything(int seed) {
    RandomBatches random = new RandomBatches(new SplittableRandom(seed));
    RecordSchema schema = schema(random);
    BatchProfile profile = profile(schema, batches(random, schema));
    BatchProfile loaded = BatchProfile.fromBytes(profile.toBytes());

    assertEquals(schema, loaded.schema());
    assertEquals(profile.records(), loaded.records());
    assertEquals(profile.columns(), loaded.columns());
    RecordBatch more = random.batch(schema, 40);
    profile.add(more);
    loaded.add(more);
    assertEquals(profile.columns(), loaded.columns(), "adding goes on as before");
  }

  @Test
  void anyPrefixIsRefused() {
    RandomBatches random = new RandomBatches(new SplittableRandom(3));
    RecordSchema schema = schema(random);
    byte[] bytes = profile(schema, batches(random, schema)).toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] prefix = Arrays.copyOf(bytes, length);
      assertThrows(IllegalArgumentException.class, () -> BatchProfile.fromBytes(prefix));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void changedBytesGiveAProfileOrAClearRefusal(int seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    RandomBatches random = new RandomBatches(chance);
    RecordSchema schema = schema(random);
    byte[] bytes = profile(schema, batches(random, schema)).toBytes();
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] changed = bytes.clone();
      for (int change = chance.nextInt(1, 4); change > 0; change--) {
        int at = chance.nextInt(changed.length);
        changed[at] = (byte) (chance.nextBoolean() ? chance.nextInt() : 0xFF);
      }
      try {
        BatchProfile loaded = BatchProfile.fromBytes(changed);
        loaded.columns(); // whatever it says, it says it without failing
        BatchProfile.fromBytes(loaded.toBytes());
        BatchProfile twice = BatchProfile.fromBytes(changed);
        twice.merge(loaded);
        twice.columns();
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
        refused++;
      }
    }
    assertTrue(refused > 20, "refused " + refused);
  }

  @Test
  void aLaterVersionIsNamed() {
    byte[] bytes = BatchProfile.of(RecordSchema.of()).toBytes();
    bytes[4] = 3;
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> BatchProfile.fromBytes(bytes));
    assertEquals(
        "Invalid profile at byte 5 of 21: its version is 3 (this release reads 2)", e.getMessage());
  }

  @Test
  void leftoverBytesAreRefused() {
    byte[] bytes = Arrays.copyOf(BatchProfile.of(RecordSchema.of()).toBytes(), 24);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> BatchProfile.fromBytes(bytes));
    assertEquals("Invalid profile at byte 21 of 24: 3 bytes are left over", e.getMessage());
  }
}
