package io.featurebeam.io.file.parquet;

import org.apache.parquet.schema.PrimitiveType;

/**
 * BYTE_STREAM_SPLIT: the first bytes of all values, then all second bytes, and so on. Puts a
 * stretch of values together again and lets {@link PlainValues} read it.
 */
final class SplitStreamValues extends PageValues {

  private static final int STEP = 1024;

  private final int width;
  private final PlainValues plain;
  private byte[] joined = new byte[0];
  private byte[] bytes = new byte[0];
  private int from;
  private int count;
  private int next;

  SplitStreamValues(PrimitiveType type) {
    width = PlainValues.width(type);
    plain = new PlainValues(type);
    if (width == 0) {
      throw new IndexOutOfBoundsException("BYTE_STREAM_SPLIT of " + type.getPrimitiveTypeName());
    }
  }

  SplitStreamValues start(byte[] source, int start, int end) {
    bytes = source;
    from = start;
    count = (end - start) / width;
    next = 0;
    if (joined.length == 0) {
      joined = new byte[Math.multiplyExact(STEP, width) + LittleEndian.PADDING];
    }
    return this;
  }

  /** The next {@code n} (at most {@code STEP}) values, laid one after the other. */
  private PlainValues join(int n) {
    if (n > count - next) {
      throw new IndexOutOfBoundsException("values end " + (n - (count - next)) + " early");
    }
    for (int b = 0; b < width; b++) {
      int stream = from + b * count + next;
      for (int i = 0; i < n; i++) {
        joined[i * width + b] = bytes[stream + i];
      }
    }
    next += n;
    return plain.start(joined, 0, n * width);
  }

  @Override
  void longs(long[] out, int at, int wanted) {
    for (int done = 0; done < wanted; done += STEP) {
      int n = Math.min(STEP, wanted - done);
      join(n).longs(out, at + done, n);
    }
  }

  @Override
  void doubles(double[] out, int at, int wanted) {
    for (int done = 0; done < wanted; done += STEP) {
      int n = Math.min(STEP, wanted - done);
      join(n).doubles(out, at + done, n);
    }
  }

  @Override
  void slices(SliceSink out, int wanted) {
    for (int done = 0; done < wanted; done += STEP) {
      int n = Math.min(STEP, wanted - done);
      join(n).slices(out, n);
    }
  }

  @Override
  void skip(int wanted) {
    if (wanted > count - next) {
      throw new IndexOutOfBoundsException("values end " + (wanted - (count - next)) + " early");
    }
    next += wanted;
  }
}
