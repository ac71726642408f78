package io.featurebeam.profile;

import io.featurebeam.profile.ColumnProfile.Distinct;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many different 64-bit hashes were added: exact up to {@value #EXACT}, beyond that by a
 * HyperLogLog of 4,096 registers (Flajolet et al. 2007) with a standard error of 1.6 %, read by the
 * estimator of Ertl ("New cardinality estimation algorithms for HyperLogLog sketches", 2017).
 *
 * <p>Written out here rather than taken from a library because an update must cost no more than a
 * shift, a count of zeros and a comparison; and because the result depends on the set of hashes
 * alone, not on their order or on how they were split.
 */
final class DistinctHashes {

  static final int EXACT = 1024;

  private static final int LOG_REGISTERS = 12;
  private static final int REGISTERS = 1 << LOG_REGISTERS;
  private static final int MAX_RANK = 64 - LOG_REGISTERS + 1;

  /** Open addressing, 0 is free; the hash 0 itself is kept as 1. */
  private long[] set = new long[32];

  private int size;

  /** Null while the set holds everything. */
  private byte @Nullable [] registers;

  void add(long hash) {
    byte[] r = registers;
    if (r != null) {
      raise(r, hash);
    } else {
      addToSet(hash == 0 ? 1 : hash);
    }
  }

  private static void raise(byte[] registers, long hash) {
    int register = (int) (hash >>> (64 - LOG_REGISTERS));
    int rank = Long.numberOfLeadingZeros(hash << LOG_REGISTERS | 1L << (LOG_REGISTERS - 1)) + 1;
    if (rank > registers[register]) {
      registers[register] = (byte) rank;
    }
  }

  private void addToSet(long hash) {
    int mask = set.length - 1;
    int at = (int) hash & mask;
    while (set[at] != 0) {
      if (set[at] == hash) {
        return;
      }
      at = (at + 1) & mask;
    }
    set[at] = hash;
    if (++size > EXACT) {
      toRegisters();
    } else if (size * 2 > set.length) {
      long[] old = set;
      set = new long[old.length * 2];
      size = 0;
      for (long h : old) {
        if (h != 0) {
          addToSet(h);
        }
      }
    }
  }

  private byte[] toRegisters() {
    byte[] r = registers;
    if (r == null) {
      r = new byte[REGISTERS];
      for (long hash : set) {
        if (hash != 0) {
          raise(r, hash);
        }
      }
      registers = r;
      set = new long[0];
      size = 0;
    }
    return r;
  }

  void merge(DistinctHashes other) {
    byte[] theirs = other.registers;
    if (theirs != null) {
      byte[] r = toRegisters();
      for (int i = 0; i < REGISTERS; i++) {
        r[i] = (byte) Math.max(r[i], theirs[i]);
      }
      return;
    }
    for (long hash : other.set) {
      if (hash != 0) {
        add(hash);
      }
    }
  }

  /** How many, which is never more than the number of values that were added. */
  Distinct distinct(long values) {
    byte[] r = registers;
    return r == null
        ? new Distinct(size, true)
        : new Distinct(Math.min(values, Math.round(estimate(r))), false);
  }

  private static double estimate(byte[] registers) {
    int[] counts = new int[MAX_RANK + 1];
    for (byte rank : registers) {
      counts[rank]++;
    }
    double m = REGISTERS;
    double z = m * tau(1 - counts[MAX_RANK] / m);
    for (int k = MAX_RANK - 1; k >= 1; k--) {
      z = 0.5 * (z + counts[k]);
    }
    z += m * sigma(counts[0] / m);
    return m * m / (2 * Math.log(2) * z);
  }

  private static double sigma(double x0) {
    if (x0 == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double x = x0;
    double y = 1;
    double z = x0;
    double before;
    do {
      x *= x;
      before = z;
      z += x * y;
      y += y;
    } while (z != before);
    return z;
  }

  private static double tau(double x0) {
    if (x0 == 0 || x0 == 1) {
      return 0;
    }
    double x = x0;
    double y = 1;
    double z = 1 - x0;
    double before;
    do {
      x = Math.sqrt(x);
      before = z;
      y *= 0.5;
      z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
  }

  void save(DataOutput out) throws IOException {
    byte[] r = registers;
    out.writeBoolean(r == null);
    if (r != null) {
      out.write(r);
      return;
    }
    long[] sorted = Arrays.stream(set).filter(h -> h != 0).sorted().toArray();
    out.writeInt(sorted.length);
    for (long hash : sorted) {
      out.writeLong(hash);
    }
  }

  static DistinctHashes load(ProfileReader in) {
    DistinctHashes result = new DistinctHashes();
    if (in.readBoolean()) {
      int size = in.length(EXACT, 8, "distinct values");
      for (int i = 0; i < size; i++) {
        result.add(in.readLong());
      }
      return result;
    }
    byte[] r = result.toRegisters();
    for (int i = 0; i < REGISTERS; i++) {
      int rank = in.readByte();
      if (rank > MAX_RANK) {
        throw in.corrupt("a register is " + rank + " (at most " + MAX_RANK + ")");
      }
      r[i] = (byte) rank;
    }
    return result;
  }
}
