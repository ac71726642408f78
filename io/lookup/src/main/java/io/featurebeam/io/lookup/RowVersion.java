package io.featurebeam.io.lookup;

import java.util.Comparator;

/**
 * The order of the rows of one key, the same in batch and stream and in every store: event time,
 * then a hash of the event's own columns, then the revision.
 *
 * @param eventTime microseconds since 1970
 * @param contentHash 0 of rows that are no event's own
 * @param revision {@link #COMPLETE} of rows that have none
 */
public record RowVersion(long eventTime, long contentHash, long revision)
    implements Comparable<RowVersion> {

  /** A bounded run saw all there was, so its row replaces every revision of a stream. */
  public static final long COMPLETE = Long.MAX_VALUE;

  /** How long {@link #text()} is. */
  public static final int LENGTH = 48;

  private static final Comparator<RowVersion> ORDER =
      Comparator.comparingLong(RowVersion::eventTime)
          .thenComparingLong(RowVersion::contentHash)
          .thenComparingLong(RowVersion::revision);

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  /** The version with that {@link #text()}. */
  public static RowVersion parse(String text) {
    if (!text.matches("[0-9a-f]{48}")) {
      throw new IllegalArgumentException(
          "Invalid version: '" + text + "' (must be 48 digits of lower-case hex)");
    }
    return new RowVersion(number(text, 0), number(text, 16), number(text, 32));
  }

  private static long number(String text, int from) {
    return Long.parseUnsignedLong(text, from, from + 16, 16) ^ Long.MIN_VALUE;
  }

  @Override
  public int compareTo(RowVersion other) {
    return ORDER.compare(this, other);
  }

  /**
   * Three numbers of 16 digits of lower-case hex, the sign bit flipped, so that the order of texts,
   * byte by byte, is that of versions.
   */
  public String text() {
    char[] text = new char[LENGTH];
    put(text, 0, eventTime);
    put(text, 16, contentHash);
    put(text, 32, revision);
    return new String(text);
  }

  private static void put(char[] text, int from, long number) {
    long bits = number ^ Long.MIN_VALUE;
    for (int i = 15; i >= 0; i--) {
      text[from + i] = HEX[(int) bits & 15];
      bits >>>= 4;
    }
  }

  @Override
  public String toString() {
    return text();
  }
}
