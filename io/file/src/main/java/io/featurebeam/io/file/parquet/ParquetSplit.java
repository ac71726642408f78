package io.featurebeam.io.file.parquet;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Some consecutive row groups of one file: the unit of parallel reading.
 *
 * @param fileBytes the length of the file, by which a worker sees that it was replaced since
 * @param firstRowGroup counted from 0
 * @param endRowGroup behind the last
 * @param firstRow the number in the file of the first row
 * @param compressedBytes of the columns that are read, as in the file
 * @param uncompressedBytes of the same columns
 * @param bounds what the statistics say of each column that is read, where they say anything
 */
public record ParquetSplit(
    String file,
    long fileBytes,
    int firstRowGroup,
    int endRowGroup,
    long firstRow,
    long rows,
    long compressedBytes,
    long uncompressedBytes,
    Map<String, Bounds> bounds)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * Limits of the values of a column: no value is less than {@code min} or greater than {@code
   * max}, though neither need occur. Long for int64, timestamp (microseconds), date and time; else
   * Double, String or Boolean.
   *
   * @param min null if not known, or if every value is null or NaN
   * @param nulls how many values are null, or -1 if not known
   */
  public record Bounds(@Nullable Comparable<?> min, @Nullable Comparable<?> max, long nulls)
      implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Bounds UNKNOWN = new Bounds(null, null, -1);

    static Bounds unknown() {
      return UNKNOWN;
    }

    /** The limits of the values of both. */
    Bounds and(Bounds other) {
      return new Bounds(
          extreme(min, other.min, -1),
          extreme(max, other.max, 1),
          nulls < 0 || other.nulls < 0 ? -1 : nulls + other.nulls);
    }

    private static @Nullable Comparable<?> extreme(
        @Nullable Comparable<?> a, @Nullable Comparable<?> b, int sign) {
      if (a == null || b == null) {
        return null;
      }
      return Integer.signum(compare(a, b)) == sign ? a : b;
    }

    // Both come from one column, so they are of one class.
    @SuppressWarnings("unchecked")
    private static int compare(Comparable<?> a, Comparable<?> b) {
      return a instanceof String x && b instanceof String y
          ? Arrays.compareUnsigned(
              x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8))
          : ((Comparable<Object>) a).compareTo(b);
    }
  }

  public ParquetSplit {
    Objects.requireNonNull(file, "file is null");
    bounds = Map.copyOf(bounds);
  }

  /** As people and logs say it: {@code data/a.parquet[2..5)}. */
  @Override
  public String toString() {
    return file + "[" + firstRowGroup + ".." + endRowGroup + ")";
  }
}
