package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a reader may leave out: rows where {@code column} is outside {@code [min, max]}, both
 * included, an absent one open. NaN is outside every range, and so is null unless told otherwise.
 *
 * <p>A hint, not a filter. Whole row groups and pages are skipped where their statistics prove that
 * every row is outside; any other row comes out, inside or not, so a rule or filter must still look
 * at it.
 *
 * <pre>{@code
 * ColumnRange.of("date", from, to)           // microseconds, as the column holds them
 * ColumnRange.of("date", from, to).orNull()  // and where there is none
 * ColumnRange.of("country", "AT", null)      // AT and all that sort behind it, as UTF-8
 * }</pre>
 *
 * @param min Long for int64, timestamp (microseconds), date (days) and time; Double for float64;
 *     String
 * @param nulls whether a null is inside
 */
public record ColumnRange(
    String column, @Nullable Comparable<?> min, @Nullable Comparable<?> max, boolean nulls)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public ColumnRange {
    Objects.requireNonNull(column, "column is null");
    Comparable<?> sample = min == null ? max : min;
    if (sample == null) {
      throw new IllegalArgumentException(
          "Invalid range of column '" + column + "': neither minimum nor maximum (give one)");
    }
    if (!(sample instanceof Long || sample instanceof Double || sample instanceof String)
        || (max != null && max.getClass() != sample.getClass())) {
      throw new IllegalArgumentException(
          "Invalid range of column '"
              + column
              + "': "
              + min
              + " to "
              + max
              + " (must be both Long, both Double or both String)");
    }
  }

  public static ColumnRange of(String column, @Nullable Long min, @Nullable Long max) {
    return new ColumnRange(column, min, max, false);
  }

  public static ColumnRange of(String column, @Nullable Double min, @Nullable Double max) {
    return new ColumnRange(column, min, max, false);
  }

  public static ColumnRange of(String column, @Nullable String min, @Nullable String max) {
    return new ColumnRange(column, min, max, false);
  }

  /** The same range with nulls inside. */
  public ColumnRange orNull() {
    return new ColumnRange(column, min, max, true);
  }

  /** Throws if the values are not of the column's type. */
  void check(Field field) {
    Object sample = min == null ? max : min;
    FieldType.Kind kind = field.type().kind();
    boolean fits =
        switch (kind) {
          case INT64, TIMESTAMP, DATE, TIME -> sample instanceof Long;
          case FLOAT64 -> sample instanceof Double;
          case STRING -> sample instanceof String;
          case BOOLEAN, BYTES, LIST -> false;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "Invalid range of column '"
              + column
              + "': "
              + min
              + " to "
              + max
              + " for type "
              + field.type()
              + " (must be Long for int64, timestamp, date and time, Double for float64,"
              + " String for string; other types have no range)");
    }
  }
}
