package io.featurebeam.columnar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The one hash of the project: stable across machines, JVMs and releases, because shards, hashed
 * features and content ties depend on it. Strings: eight bytes a step, multiplied and folded; the
 * last step is the finaliser of MurmurHash3 (Appleby, public domain). Not for keeping secrets.
 */
public final class Hashing {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED = 0x9E3779B97F4A7C15L;
  private static final long PRIME = 0xC2B2AE3D27D4EB4FL;

  private Hashing() {}

  public static long hash(byte[] data, int from, int to) {
    long h = SEED ^ (to - from) * PRIME;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      h = fold(h ^ (long) LONGS.get(data, i));
    }
    long tail = 0;
    for (int shift = 0; i < to; i++, shift += 8) {
      tail |= (data[i] & 0xFFL) << shift;
    }
    return mix(fold(h ^ tail));
  }

  /**
   * The finaliser of MurmurHash3: a bijection of 64-bit words in which every bit moves every other.
   */
  public static long mix(long h) {
    h ^= h >>> 33;
    h *= 0xFF51AFD7ED558CCDL;
    h ^= h >>> 33;
    h *= 0xC4CEB9FE1A85EC53L;
    h ^= h >>> 33;
    return h;
  }

  /** The hash of a number; equal numbers hash alike whatever their column type: 3 and 3.0. */
  public static long hash(double value) {
    return value == (long) value ? mix((long) value ^ SEED) : mix(Double.doubleToLongBits(value));
  }

  public static long hash(long value) {
    return mix(value ^ SEED);
  }

  /** An ordered combination of two hashes. */
  public static long combine(long a, long b) {
    return mix(a * 31 + b);
  }

  private static long fold(long x) {
    return (x ^ (x >>> 29)) * PRIME;
  }
}
