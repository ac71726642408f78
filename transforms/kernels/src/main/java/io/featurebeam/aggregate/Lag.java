package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The value of the event that lies n events before the latest of the window, of the latest itself
 * for n = 0; null if the column is null in it, or there is no such event: unlike in {@link Last} an
 * event counts whatever the column holds. NaN is a value. Events of equal time are ordered as for
 * {@link Last}.
 *
 * <p>In a window that ends with the row's own event (profile {@code openmldb}) it is SQL's {@code
 * lag(column, n)}; in one that ends before it (the default) n = 0 is the event before the row's.
 *
 * @param column a column of any type but list, whose type is the result's
 * @param n from 0 to 9,999
 */
public record Lag(String column, int n) implements Aggregate, Part {

  private static final int IS_NULL = 3;

  public Lag {
    checked(n);
  }

  private static int checked(long n) {
    if (n < 0 || n >= RankedValues.MAX_K) {
      throw new IllegalArgumentException(
          "Invalid n of lag: " + n + " (must be from 0 to " + (RankedValues.MAX_K - 1) + ")");
    }
    return (int) n;
  }

  @Override
  public List<Part> parts() {
    return List.of(this);
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public boolean isOrdered() {
    return true;
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    return ColumnTypes.scalar("lag", schema, column);
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Latest(outputType(schema), n + 1);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Latest latest = (Latest) parts[0];
    if (latest.count(slot) <= n || latest.rank(slot, n, IS_NULL) != 0) {
      out.appendNull();
    } else {
      latest.appendValue(slot, n, out);
    }
  }

  /** The latest events, the latest first, with those in which the column is null. */
  private static final class Latest extends RankedValues {
    private final FieldType type;
    private final int k;

    Latest(FieldType type, int k) {
      super(type, k, IS_NULL + 1);
      this.type = type;
      this.k = k;
    }

    @Override
    boolean keepsNulls() {
      return true;
    }

    @Override
    boolean rank(Inputs in, int row, long[] rank) {
      rank[0] = ~in.times()[row]; // the complement turns the order around
      rank[1] = ~in.ties().sequence()[row];
      rank[2] = ~in.ties().contentHash()[row];
      rank[IS_NULL] = in.columns().get(0).isNull(row) ? 1 : 0;
      return true;
    }

    @Override
    public States newStates() {
      return new Latest(type, k);
    }
  }

  /** {@code lag: {column: c, n: 1}}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "lag";
    }

    @Override
    public String description() {
      return "The value n events before the latest of the window, null if it is null there.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."),
          Parameter.required(
              "n",
              Parameter.Kind.INTEGER,
              "How many events before the latest, from 0 to 9,999; with the default bounds 0 is the"
                  + " event before the row's own, with profile openmldb the row's own."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Lag(settings.string("column"), checked(settings.integer("n")));
    }
  }
}
