package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import java.util.List;

/**
 * The records that a part accumulates.
 *
 * @param columns the columns of {@link Part#inputs()}, in that order
 * @param times event times in microseconds; the array may be longer than {@code size}
 * @param ties per record the two numbers that order events of equal time; empty if no part is
 *     ordered
 * @param size the number of records
 */
@SuppressWarnings("ArrayRecordComponent") // read only, and never compared
public record Inputs(List<Column> columns, long[] times, Ties ties, int size) {

  /** Orders events of equal time: by a declared sequence, then by a hash of what they hold. */
  @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
  public record Ties(long[] sequence, long[] contentHash) {
    static final Ties NONE = new Ties(new long[0], new long[0]);
  }
}
