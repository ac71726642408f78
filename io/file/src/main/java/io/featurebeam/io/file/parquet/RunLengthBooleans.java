package io.featurebeam.io.file.parquet;

/** RLE booleans, as data pages of version 2 hold them: their length, then runs of one bit. */
final class RunLengthBooleans extends PageValues {

  private final HybridDecoder runs = new HybridDecoder();
  private final int[] scratch = new int[1024];

  RunLengthBooleans start(byte[] bytes, int from, int to) {
    if (from == to) { // a page of nulls only
      runs.start(bytes, from, to, 1);
      return this;
    }
    int length = to - from < 4 ? -1 : LittleEndian.intAt(bytes, from);
    if (length < 0 || length > to - from - 4) {
      throw new IndexOutOfBoundsException("runs of " + length + " bytes");
    }
    runs.start(bytes, from + 4, from + 4 + length, 1);
    return this;
  }

  @Override
  void bits(long[] out, int at, int count) {
    runs.match(1, out, at, count, scratch);
  }

  @Override
  void skip(int count) {
    for (int done = 0; done < count; done += scratch.length) {
      runs.read(scratch, 0, Math.min(scratch.length, count - done));
    }
  }
}
