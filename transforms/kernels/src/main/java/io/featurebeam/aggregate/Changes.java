package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.time.WindowBounds.Ties;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * What the records of a changed table do, as change data capture tells it: some delete what another
 * record inserted.
 *
 * <pre>{@code
 * new Changes("op", List.of("d"))      // Debezium
 * new Changes("kind", List.of("-D", "-U")) // Flink's row kinds
 * }</pre>
 *
 * <p>Any other value inserts, and so does null. An update is two records: one that deletes the old
 * values and one that inserts the new ones. A delete holds the key, the event time and the values
 * of what it deletes; what it means is said at {@link WindowedAggregates}.
 *
 * @param column a string, int64 or boolean column
 * @param deletes its values that delete, at least one; numbers and booleans as text
 */
public record Changes(String column, List<String> deletes) implements Serializable {

  public Changes {
    Objects.requireNonNull(column, "column is null");
    deletes = List.copyOf(deletes);
    if (deletes.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid deletes: none (name the values of '" + column + "' that delete)");
    }
  }

  /** Throws with name, value and way out if such windows cannot take back an event. */
  public void check(WindowBounds bounds) {
    checkRule("rowCap", bounds.rowCap(), bounds.rowCap() == 0);
    checkRule("rowDelay", bounds.rowDelay(), bounds.rowDelay() == 0);
    checkRule("ties", bounds.ties().name().toLowerCase(Locale.ROOT), bounds.ties() == Ties.ALL);
    if (bounds.excludeCurrent()) {
      throw new IllegalArgumentException(
          "Invalid excludeCurrent: true (with changes the event may be deleted, and its delete"
              + " would still be seen; leave one of them out)");
    }
  }

  private static void checkRule(String name, Object value, boolean isTaken) {
    if (!isTaken) {
      throw new IllegalArgumentException(
          "Invalid "
              + name
              + ": "
              + value
              + " (with changes it would take deletes for rows; leave one of them out)");
    }
  }

  /** Throws with name, value and way out if it is a session, which an undone event may join. */
  public void check(Window window) {
    if (window.isSession()) {
      throw new IllegalArgumentException(
          "Invalid window with changes: "
              + window
              + " (a deleted event may have joined two sessions; leave one of them out)");
    }
  }

  /** Throws with the feature's name and the way out if it cannot take back an event. */
  public void check(String feature, Aggregate aggregate) {
    var unused = NetAggregate.of(feature, aggregate, this);
  }

  /** Throws with name, value and way out if the column cannot have these values. */
  public void check(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    for (String delete : deletes) {
      boolean fits =
          switch (type.kind()) {
            case STRING -> true;
            case INT64 -> isNumber(delete);
            case BOOLEAN -> delete.equals("true") || delete.equals("false");
            default ->
                throw ColumnTypes.refusal("changes", column, type, "string, int64 or boolean");
          };
      if (!fits) {
        throw new IllegalArgumentException(
            "Invalid deletes: '"
                + delete
                + "' (must be a value of '"
                + column
                + "', "
                + type
                + ")");
      }
    }
  }

  private static boolean isNumber(String text) {
    try {
      return Long.toString(Long.parseLong(text)).equals(text);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Which records delete. */
  Bitmap deleting(Column changes) {
    Set<String> values = Set.copyOf(deletes);
    if (changes instanceof BytesColumn texts && texts.isCoded()) {
      int entries = texts.slices().size();
      Bitmap deleting = Bitmap.of(entries, e -> values.contains(texts.slices().string(e)));
      return Bitmap.of(texts.size(), i -> !texts.isNull(i) && deleting.get(texts.code(i)));
    }
    return Bitmap.of(changes.size(), i -> !changes.isNull(i) && values.contains(text(changes, i)));
  }

  private static String text(Column column, int row) {
    if (column instanceof LongColumn longs) {
      return Long.toString(longs.get(row));
    }
    return column instanceof BooleanColumn booleans
        ? Boolean.toString(booleans.get(row))
        : ((BytesColumn) column).string(row);
  }
}
