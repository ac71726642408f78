package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Slices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.deltalengthbytearray.DeltaLengthByteArrayValuesWriter;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoders against parquet-java's encoders, read in pieces of any size. */
class PageDecodingTest {

  private static byte[] padded(BytesInput input) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    input.writeAllTo(out);
    out.writeBytes(new byte[LittleEndian.PADDING]);
    return out.toByteArray();
  }

  private static int end(byte[] padded) {
    return padded.length - LittleEndian.PADDING;
  }

  @Test
  void hybridOfEveryWidthDecodesInPieces() throws IOException {
    for (int width = 0; width <= 32; width++) {
      Random random = new Random(width);
      int[] expected = new int[5000];
      for (int i = 0; i < expected.length; ) {
        int run = random.nextBoolean() ? 1 : 1 + random.nextInt(40);
        int value = width == 0 ? 0 : random.nextInt() >>> (32 - width);
        for (int j = 0; j < run && i < expected.length; j++) {
          expected[i++] = value;
        }
      }
      RunLengthBitPackingHybridEncoder encoder =
          new RunLengthBitPackingHybridEncoder(width, 64, 1 << 20, new HeapByteBufferAllocator());
      for (int value : expected) {
        encoder.writeInt(value);
      }
      byte[] bytes = padded(encoder.toBytes());
      HybridDecoder decoder = new HybridDecoder();
      decoder.start(bytes, 0, end(bytes), width);
      int[] actual = new int[expected.length];
      for (int at = 0; at < actual.length; ) {
        int n = Math.min(actual.length - at, 1 + random.nextInt(100));
        decoder.read(actual, at, n);
        at += n;
      }
      assertArrayEquals(expected, actual, "width " + width);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void hybridMatchSetsTheBitsOfTheWantedLevel(int width) throws IOException {
    Random random = new Random(width);
    int wanted = (1 << width) - 1;
    RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(width, 64, 1 << 20, new HeapByteBufferAllocator());
    boolean[] expected = new boolean[4000];
    for (int i = 0; i < expected.length; i++) {
      int level = i / 100 % 3 == 0 ? random.nextInt(wanted + 1) : i / 300 % 2 * wanted;
      expected[i] = level == wanted;
      encoder.writeInt(level);
    }
    byte[] bytes = padded(encoder.toBytes());
    HybridDecoder decoder = new HybridDecoder();
    decoder.start(bytes, 0, end(bytes), width);
    long[] bits = new long[63];
    int matched = 0;
    for (int at = 0; at < expected.length; ) {
      int n = Math.min(expected.length - at, 1 + random.nextInt(300));
      matched += decoder.match(wanted, bits, at, n, new int[64]);
      at += n;
    }
    int set = 0;
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], Bits.get(bits, i), "bit " + i);
      set += expected[i] ? 1 : 0;
    }
    assertEquals(set, matched);
  }

  @Test
  void hybridThatEndsEarlyIsRefused() {
    HybridDecoder decoder = new HybridDecoder();
    decoder.start(new byte[] {3, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 2, 3);
    assertThrows(IndexOutOfBoundsException.class, () -> decoder.read(new int[8], 0, 8));
    decoder.start(new byte[16], 0, 0, 3);
    assertThrows(IndexOutOfBoundsException.class, () -> decoder.read(new int[1], 0, 1));
  }

  @Test
  void deltasOfEveryWidthDecodeAndSkip() throws IOException {
    for (int width = 0; width <= 64; width++) {
      Random random = new Random(width);
      long[] expected = new long[1 + random.nextInt(1000)];
      ValuesWriter longs =
          new DeltaBinaryPackingValuesWriterForLong(64, 1 << 20, new HeapByteBufferAllocator());
      ValuesWriter ints =
          new DeltaBinaryPackingValuesWriterForInteger(64, 1 << 20, new HeapByteBufferAllocator());
      for (int i = 0; i < expected.length; i++) {
        expected[i] = width == 0 ? 5 : random.nextLong() >> (64 - width);
        longs.writeLong(expected[i]);
        ints.writeInteger((int) expected[i]);
      }
      assertDeltas(expected, PrimitiveTypeName.INT64, padded(longs.getBytes()), random);
      long[] narrow = Arrays.stream(expected).map(v -> (int) v).toArray();
      assertDeltas(narrow, PrimitiveTypeName.INT32, padded(ints.getBytes()), random);
    }
  }

  private static void assertDeltas(
      long[] expected, PrimitiveTypeName type, byte[] bytes, Random random) {
    DeltaBinaryValues values = new DeltaBinaryValues(type).start(bytes, 0, end(bytes));
    assertEquals(expected.length, values.left());
    long[] actual = expected.clone();
    for (int at = 0; at < actual.length; ) {
      int n = Math.min(actual.length - at, 1 + random.nextInt(90));
      if (random.nextInt(4) == 0) {
        values.skip(n);
      } else {
        Arrays.fill(actual, at, at + n, 0);
        values.longs(actual, at, n);
      }
      at += n;
    }
    assertArrayEquals(expected, actual);
    assertThrows(IndexOutOfBoundsException.class, () -> values.longs(new long[1], 0, 1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deltaStringsDecodeAndSkip(boolean prefixes) throws IOException {
    Random random = new Random(5);
    ValuesWriter writer =
        prefixes
            ? new DeltaByteArrayWriter(64, 1 << 20, new HeapByteBufferAllocator())
            : new DeltaLengthByteArrayValuesWriter(64, 1 << 20, new HeapByteBufferAllocator());
    String[] expected = new String[700];
    for (int i = 0; i < expected.length; i++) {
      expected[i] =
          random.nextInt(9) == 0 ? "" : "prefix-" + (i / 7) + "-".repeat(random.nextInt(30));
      writer.writeBytes(Binary.fromString(expected[i]));
    }
    byte[] bytes = padded(writer.getBytes());
    DeltaBytesValues values =
        new DeltaBytesValues(prefixes).start(bytes, 0, end(bytes), expected.length);
    values.skip(123);
    SliceSink sink = new SliceSink(1, 1);
    values.slices(sink, 300);
    values.slices(sink, 277);
    Slices slices = sink.build();
    for (int i = 0; i < slices.size(); i++) {
      assertEquals(expected[123 + i], slices.string(i));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> values.slices(sink, 1));
  }

  @Test
  void deltaStringsThatClaimMoreThanTheirPageAreRefusedBeforeMemoryIsSpent() throws IOException {
    ValuesWriter writer =
        new DeltaLengthByteArrayValuesWriter(64, 1 << 20, new HeapByteBufferAllocator());
    for (int i = 0; i < 9; i++) {
      writer.writeBytes(Binary.fromString("x"));
    }
    byte[] bytes = padded(writer.getBytes());
    IndexOutOfBoundsException e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> new DeltaBytesValues(false).start(bytes, 0, end(bytes), 8));
    assertEquals("9 strings in a page of 8", e.getMessage());
  }

  @Test
  void halfPrecisionIsExact() {
    assertEquals(1.0, Float16.toDouble(0x3C00));
    assertEquals(-2.0, Float16.toDouble(0xC000));
    assertEquals(65504.0, Float16.toDouble(0x7BFF));
    assertEquals(Math.pow(2, -24), Float16.toDouble(1));
    assertEquals(Double.NEGATIVE_INFINITY, Float16.toDouble(0xFC00));
    assertEquals(-0.0, Float16.toDouble(0x8000));
    assertEquals(Double.NaN, Float16.toDouble(0x7E00));
  }

  @Test
  void spreadPutsStringsWhereTheBitsAreSet() {
    SliceSink sink = new SliceSink(1, 1);
    byte[] text = Arrays.copyOf(new byte[] {'a', 'b', 'c'}, 32);
    sink.reserve(3, 6);
    for (int i = 0; i < 3; i++) {
      sink.append(text, i, i + 1);
    }
    sink.spread(1, 5, 2, new long[] {0b010100});
    Slices slices = sink.build();
    assertEquals(6, slices.size());
    assertEquals("a", slices.string(0));
    assertEquals("", slices.string(1));
    assertEquals("bc", slices.string(2));
    assertEquals("", slices.string(3));
    assertEquals("c\0\0", slices.string(4));
    assertEquals("", slices.string(5));
  }

  @Test
  void rowRangesIntersect() {
    RowRanges a = RowRanges.of(List.of(range(0, 10), range(10, 12), range(20, 30)));
    RowRanges b = RowRanges.of(List.of(range(5, 21), range(25, 26), range(29, 40)));
    assertEquals(2, a.ranges().size());
    assertEquals(
        List.of(range(5, 12), range(20, 21), range(25, 26), range(29, 30)), a.and(b).ranges());
    assertEquals(10, a.and(b).rows());
    assertEquals(List.of(), a.and(RowRanges.all(0)).ranges());
  }

  private static RowRanges.Range range(long from, long to) {
    return new RowRanges.Range(from, to);
  }
}
