package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The k largest values of a column, the largest first, or the k smallest, the smallest first; with
 * {@code by}, the values of the events in which that column is largest or smallest. A value that
 * occurs twice is there twice; fewer if there are fewer, null if there is none. Nulls in either
 * column are left out, NaN where it would be compared too; -0.0 is less than 0.0. Of events that
 * are equal in {@code by} the later comes first, as for {@link Last}.
 *
 * @param column an int64, float64, timestamp, date or time column, or with {@code by} one of any
 *     type but list; the result is a list of that type
 * @param by an int64, float64, timestamp, date or time column that orders the events, or null
 * @param k from 1 to 10,000
 * @param smallest whether the smallest are wanted instead of the largest
 */
public record TopK(String column, @Nullable String by, int k, boolean smallest)
    implements Aggregate, Part {

  public TopK {
    RankedValues.checked(name(smallest), k);
  }

  private static String name(boolean smallest) {
    return smallest ? "bottom_k" : "top_k";
  }

  @Override
  public List<Part> parts() {
    return List.of(this);
  }

  @Override
  public List<String> inputs() {
    return by == null ? List.of(column) : List.of(column, by);
  }

  @Override
  public boolean isOrdered() {
    return by != null;
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    if (by == null) {
      return FieldType.listOf(ColumnTypes.ordered(name(smallest), schema, column));
    }
    ColumnTypes.ordered("by of " + name(smallest), schema, by);
    return FieldType.listOf(ColumnTypes.scalar(name(smallest), schema, column));
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Ordered(schema.field(column).type(), k, by != null, smallest);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    ((RankedValues) parts[0]).append(slot, out);
  }

  private static final class Ordered extends RankedValues {
    private final FieldType type;
    private final int k;
    private final boolean by;
    private final boolean smallest;

    Ordered(FieldType type, int k, boolean by, boolean smallest) {
      super(type, k, by ? 4 : 1);
      this.type = type;
      this.k = k;
      this.by = by;
      this.smallest = smallest;
    }

    @Override
    boolean rank(Inputs in, int row, long[] rank) {
      Column column = in.columns().get(by ? 1 : 0);
      if (column.isNull(row)) {
        return false;
      }
      long order;
      if (column instanceof DoubleColumn doubles) {
        if (Double.isNaN(doubles.get(row))) {
          return false;
        }
        order = sortable(doubles.get(row));
      } else {
        order = ((LongColumn) column).get(row);
      }
      rank[0] = smallest ? order : ~order; // the complement turns the order around
      if (by) {
        rank[1] = ~in.times()[row];
        rank[2] = ~in.ties().sequence()[row];
        rank[3] = ~in.ties().contentHash()[row];
      }
      return true;
    }

    @Override
    public States newStates() {
      return new Ordered(type, k, by, smallest);
    }
  }

  private abstract static class Provider implements AggregateProvider {
    private final boolean smallest;

    Provider(boolean smallest) {
      this.smallest = smallest;
    }

    @Override
    public String name() {
      return TopK.name(smallest);
    }

    @Override
    public String description() {
      return smallest
          ? "The k smallest values of a column, or its values where another column is smallest."
          : "The k largest values of a column, or its values where another column is largest.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required(
              "column",
              Parameter.Kind.COLUMN,
              "An int64, float64, timestamp, date or time column; with by of any type but list."),
          Parameter.required("k", Parameter.Kind.INTEGER, "How many at most, from 1 to 10,000."),
          Parameter.optional(
              "by",
              Parameter.Kind.COLUMN,
              "The int64, float64, timestamp, date or time column that orders the events, instead"
                  + " of the values themselves."));
    }

    @Override
    public Aggregate create(Settings settings) {
      int k = RankedValues.checked(name(), settings.integer("k"));
      return new TopK(settings.string("column"), settings.stringOrNull("by"), k, smallest);
    }
  }

  /** {@code top_k: {column: c, k: 3}}, {@code top_k: {column: c, by: b, k: 3}}. */
  public static final class TopProvider extends Provider {
    public TopProvider() {
      super(false);
    }
  }

  /** {@code bottom_k: {column: c, k: 3}}. */
  public static final class BottomProvider extends Provider {
    public BottomProvider() {
      super(true);
    }
  }
}
