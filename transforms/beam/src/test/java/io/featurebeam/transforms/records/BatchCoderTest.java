package io.featurebeam.transforms.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

class BatchCoderTest {

  private static final Coder<RecordBatch> CODER = BatchCoder.of();

  @Test
  void batchesComeBackAloneAndNested() throws CoderException {
    RandomBatches random = new RandomBatches(new SplittableRandom(3));
    for (int i = 0; i < 100; i++) {
      List<RecordBatch> batches = List.of(random.batch(), random.batch());
      assertEquals(batches, CoderUtils.clone(ListCoder.of(CODER), batches));
      assertEquals(batches.get(0), CoderUtils.clone(CODER, batches.get(0)));
    }
  }

  @Test
  void damageIsACoderException() throws CoderException {
    byte[] bytes =
        CoderUtils.encodeToByteArray(CODER, new RandomBatches(new SplittableRandom(4)).batch());
    bytes[1] = 0;
    bytes[2] = 0;
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, bytes));
    byte[] negative = {-1, -1, -1, -1, 15};
    CoderException e =
        assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, negative));
    assertEquals("Invalid length of a record batch: -1", e.getMessage());
  }

  @Test
  void anEarlyEndIsNamed() throws CoderException {
    byte[] bytes =
        CoderUtils.encodeToByteArray(CODER, new RandomBatches(new SplittableRandom(4)).batch());
    byte[] part = Arrays.copyOf(bytes, bytes.length - 1);
    java.io.EOFException e =
        assertThrows(
            java.io.EOFException.class, () -> CODER.decode(new ByteArrayInputStream(part)));
    assertEquals(
        "Record batch of " + (bytes.length - 2) + " bytes ends after " + (bytes.length - 3),
        e.getMessage());
  }

  @Test
  void collectionsOfBatchesFindTheCoder() throws Exception {
    assertSame(CODER, CoderRegistry.createDefault().getCoder(RecordBatch.class));
  }

  @Test
  void isASingletonThroughSerialisationAndNeverAKey() {
    assertSame(CODER, SerializableUtils.ensureSerializable(CODER));
    assertThrows(Coder.NonDeterministicException.class, CODER::verifyDeterministic);
  }
}
