package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.PerCategory;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The category for each of whose values an aggregate is computed. Declared values have a column
 * each, {@code spent_web_1h}; else there is one column with the text of a JSON object, as {@link
 * PerCategory} says.
 *
 * @param column the category: string, int64 or boolean, without values also timestamp, date or time
 * @param values the declared categories, each String, Long or Boolean; empty for whatever comes
 * @param maxCategories how many may come, where none are declared
 * @param top which of those that come are shown, where none are declared; null for all
 */
public record Per(
    String column, List<Object> values, int maxCategories, PerCategory.@Nullable Top top) {

  /** All that come, or those declared. */
  public Per(String column, List<Object> values, int maxCategories) {
    this(column, values, maxCategories, null);
  }

  public Per {
    Objects.requireNonNull(column, "column is null");
    values = values.stream().<Object>map(v -> v instanceof Integer n ? n.longValue() : v).toList();
    Set<Object> seen = new HashSet<>();
    for (Object value : values) {
      if (!(value instanceof String) && !(value instanceof Long) && !(value instanceof Boolean)) {
        throw new IllegalArgumentException(
            "Invalid values: " + value + " (must be texts, whole numbers, true or false)");
      }
      if (!seen.add(value)) {
        throw new IllegalArgumentException("Invalid values: '" + value + "' (is given twice)");
      }
    }
    if (top != null && !values.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid top: given beside values (each declared one has its column; leave one out)");
    }
  }

  /** Whatever categories come, up to {@link PerCategory#DEFAULT_MAX}. */
  public static Per of(String column) {
    return new Per(column, List.of(), PerCategory.DEFAULT_MAX);
  }

  /** Of those that come the n that are largest, or whose results are. */
  public Per withTop(int n, PerCategory.By by) {
    return new Per(column, values, maxCategories, new PerCategory.Top(n, by));
  }

  /** These categories. */
  public static Per of(String column, Object... values) {
    return new Per(column, List.of(values), PerCategory.DEFAULT_MAX);
  }

  /** Throws where the column does not exist or its type is not that of the declared values. */
  void check(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    for (Object value : values) {
      boolean fits =
          switch (type.kind()) {
            case STRING -> value instanceof String;
            case INT64 -> value instanceof Long;
            case BOOLEAN -> value instanceof Boolean;
            default -> false;
          };
      if (!fits) {
        throw new IllegalArgumentException(
            "Invalid values: "
                + value
                + " for '"
                + column
                + "', which is "
                + type
                + (type.equals(FieldType.STRING)
                    ? " (must be texts; put it in quotes)"
                    : " (must be of the type of the column: string, int64 or boolean)"));
      }
    }
  }

  /** In CEL, that the category is this one. */
  String condition(Object value) {
    return (column.matches("[A-Za-z_][A-Za-z0-9_]*") ? column : "`" + column + "`")
        + " == "
        + (value instanceof String text ? quoted(text) : value);
  }

  private static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + '"';
  }
}
