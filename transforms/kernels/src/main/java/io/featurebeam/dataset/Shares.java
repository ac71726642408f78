package io.featurebeam.dataset;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/**
 * Stretches of the 64-bit words, in order and without a gap. Decimals as they are written, so that
 * 0.7 and 0.1 are no more and no less than 0.8.
 */
final class Shares {

  private static final BigDecimal WORDS = new BigDecimal(BigInteger.ONE.shiftLeft(Long.SIZE));

  private final long[] lasts;

  private Shares(long[] lasts) {
    this.lasts = lasts;
  }

  /** A stretch for each of these shares, and one more for what they leave. */
  static Shares of(List<Double> shares) {
    long[] lasts = new long[shares.size() + 1];
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < shares.size(); i++) {
      sum = sum.add(BigDecimal.valueOf(shares.get(i)));
      lasts[i] = last(sum);
    }
    lasts[shares.size()] = -1;
    return new Shares(lasts);
  }

  /** The greatest word, without a sign, below a share of all words. */
  static long last(BigDecimal share) {
    BigInteger count = share.multiply(WORDS).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
    return count.max(BigInteger.ONE).min(WORDS.toBigInteger()).subtract(BigInteger.ONE).longValue();
  }

  /** Which stretch a word is in. */
  int find(long word) {
    int i = 0;
    while (Long.compareUnsigned(word, lasts[i]) > 0) {
      i++;
    }
    return i;
  }
}
