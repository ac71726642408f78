package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Slices;

/** RLE_DICTIONARY: codes of the entries of a dictionary. */
final class DictionaryValues extends PageValues {

  private static final int STEP = 4096;

  private final HybridDecoder codes = new HybridDecoder();
  private final int[] scratch = new int[STEP];
  private Dictionary dictionary = Dictionary.of(new long[0]);

  DictionaryValues start(Dictionary entries, byte[] bytes, int from, int to) {
    dictionary = entries;
    if (from == to) { // a page of nulls only
      codes.start(bytes, from, to, 0);
    } else {
      codes.start(bytes, from + 1, to, bytes[from] & 0xFF);
    }
    return this;
  }

  Slices slices() {
    return dictionary.slices();
  }

  /** The codes themselves, each checked to be one of the dictionary. */
  void codes(int[] out, int at, int count) {
    codes.read(out, at, count);
    int last = dictionary.size() - 1;
    int negative = 0;
    for (int i = at; i < at + count; i++) {
      negative |= out[i] | (last - out[i]);
    }
    if (negative < 0) {
      throw new IndexOutOfBoundsException(
          "a code outside the dictionary of " + dictionary.size() + " entries");
    }
  }

  @Override
  void longs(long[] out, int at, int count) {
    long[] entries = dictionary.longs();
    for (int done = 0; done < count; done += STEP) {
      int n = Math.min(STEP, count - done);
      codes.read(scratch, 0, n);
      for (int i = 0; i < n; i++) {
        out[at + done + i] = entries[scratch[i]];
      }
    }
  }

  @Override
  void doubles(double[] out, int at, int count) {
    double[] entries = dictionary.doubles();
    for (int done = 0; done < count; done += STEP) {
      int n = Math.min(STEP, count - done);
      codes.read(scratch, 0, n);
      for (int i = 0; i < n; i++) {
        out[at + done + i] = entries[scratch[i]];
      }
    }
  }

  /**
   * The entries as strings of their own: for a batch that also holds values outside the dictionary.
   */
  @Override
  void slices(SliceSink out, int count) {
    Slices entries = slices();
    for (int done = 0; done < count; done += STEP) {
      int n = Math.min(STEP, count - done);
      codes(scratch, 0, n);
      append(entries, scratch, n, out);
    }
  }

  static void append(Slices entries, int[] codes, int count, SliceSink out) {
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += entries.length(codes[i]);
    }
    out.reserve(count, total);
    for (int i = 0; i < count; i++) {
      out.append(entries.data(), entries.start(codes[i]), entries.length(codes[i]));
    }
  }

  @Override
  void skip(int count) {
    for (int done = 0; done < count; done += STEP) {
      codes.read(scratch, 0, Math.min(STEP, count - done));
    }
  }
}
