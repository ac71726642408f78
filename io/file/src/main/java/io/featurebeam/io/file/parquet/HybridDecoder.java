package io.featurebeam.io.file.parquet;

import java.util.Arrays;

/**
 * Parquet's mix of runs and bit-packed numbers: how dictionary codes, levels and booleans are
 * stored. Decodes many numbers at a time. Meets broken data with an {@link
 * IndexOutOfBoundsException}.
 */
final class HybridDecoder {

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int width;
  private int mask;

  /** What is left of the current run. */
  private int left;

  private boolean packed;
  private int runValue;
  private long packedBit;

  /**
   * Starts on {@code bytes[from .. to)}, which must have {@link LittleEndian#PADDING} bytes behind
   * it.
   */
  void start(byte[] source, int from, int to, int bitWidth) {
    if (bitWidth < 0 || bitWidth > 32) {
      throw new IndexOutOfBoundsException("a bit width of " + bitWidth + " (at most 32)");
    }
    bytes = source;
    at = from;
    end = to;
    width = bitWidth;
    mask = bitWidth == 32 ? -1 : (1 << bitWidth) - 1;
    left = 0;
  }

  /** The next {@code count} numbers. */
  void read(int[] out, int from, int count) {
    int done = from;
    int stop = from + count;
    while (done < stop) {
      int n = run(stop - done);
      if (packed) {
        unpack(out, done, n);
      } else {
        Arrays.fill(out, done, done + n, runValue);
      }
      done += n;
    }
  }

  /**
   * Sets the bits of the places where the next {@code count} numbers equal {@code wanted}, and
   * gives their number. The bits must be unset before.
   */
  int match(int wanted, long[] bits, int from, int count, int[] scratch) {
    int matched = 0;
    int done = from;
    int stop = from + count;
    while (done < stop) {
      int n = run(Math.min(stop - done, scratch.length));
      if (!packed) {
        if (runValue == wanted) {
          Bits.set(bits, done, n);
          matched += n;
        }
      } else if (width == 1 && wanted == 1) {
        matched += Bits.copy(bytes, packedBit, bits, done, n);
        packedBit += n;
      } else {
        unpack(scratch, 0, n);
        for (int i = 0; i < n; i++) {
          if (scratch[i] == wanted) {
            bits[(done + i) >> 6] |= 1L << (done + i);
            matched++;
          }
        }
      }
      done += n;
    }
    return matched;
  }

  /** How many of the wanted numbers the current run gives; takes them off the run. */
  private int run(int wanted) {
    while (left == 0) {
      nextRun();
    }
    int n = Math.min(wanted, left);
    left -= n;
    if (packed && ((packedBit + (long) n * width + 7) >> 3) > end) {
      throw new IndexOutOfBoundsException("bit-packed numbers end early");
    }
    return n;
  }

  private void nextRun() {
    long header = 0;
    for (int shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) {
        throw new IndexOutOfBoundsException("runs end early");
      }
      int next = bytes[at++] & 0xFF;
      header |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        break;
      }
    }
    packed = (header & 1) != 0;
    long count = header >>> 1;
    if (packed) {
      packedBit = (long) at << 3;
      at = (int) Math.min(end, at + count * width);
      count <<= 3;
    } else {
      int byteWidth = (width + 7) >> 3;
      if (at + byteWidth > end) {
        throw new IndexOutOfBoundsException("a run ends early");
      }
      runValue =
          LittleEndian.intAt(bytes, at) & (byteWidth == 4 ? -1 : (1 << (byteWidth << 3)) - 1);
      at += byteWidth;
    }
    left = (int) Math.min(count, Integer.MAX_VALUE);
  }

  private void unpack(int[] out, int from, int count) {
    int stop = from + count;
    int done = from;
    long bit = packedBit;
    while (done < stop && (bit & 7) != 0) {
      out[done++] = one(bit);
      bit += width;
    }
    int whole = (stop - done) & ~7;
    if (whole > 0) {
      BitUnpacker.unpack(bytes, (int) (bit >> 3), width, out, done, whole);
      done += whole;
      bit += (long) whole * width;
    }
    while (done < stop) {
      out[done++] = one(bit);
      bit += width;
    }
    packedBit = bit;
  }

  private int one(long bit) {
    return (int) (LittleEndian.longAt(bytes, (int) (bit >> 3)) >>> (bit & 7)) & mask;
  }
}
