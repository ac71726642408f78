package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import io.featurebeam.time.Window;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many seconds before the time of the row the latest event of the window was, or the earliest;
 * with a column, of those in which it is not null (NaN is a value). float64, with the microseconds;
 * null in an empty window. The window's delay counts: it is the row that asks.
 *
 * @param column the column, or null for every event
 * @param earliest whether since the earliest event instead of the latest
 */
public record TimeSince(@Nullable String column, boolean earliest) implements TimedAggregate {

  @Override
  public List<Part> parts() {
    return List.of(new EventTimes(column, earliest), new Count(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    new Count(column).inputs().forEach(schema::indexOf);
    return FieldType.FLOAT64;
  }

  @Override
  public void finish(States[] parts, int slot, long rowTime, Window window, ColumnBuilder out) {
    if (Count.Of.at(parts[1], slot) == 0) {
      out.appendNull();
      return;
    }
    long time = ((Extremum.OfLongs) parts[0]).at(slot);
    out.appendDouble(seconds(rowTime, time));
  }

  /** To the nearest double; what has more digits than one, or overflows, by decimals. */
  private static double seconds(long rowTime, long time) {
    long micros = rowTime - time;
    boolean overflows = ((rowTime ^ time) & (rowTime ^ micros)) < 0;
    if (!overflows && micros < 1L << 53 && micros > -(1L << 53)) {
      return micros / 1e6;
    }
    return BigDecimal.valueOf(rowTime)
        .subtract(BigDecimal.valueOf(time))
        .movePointLeft(6)
        .doubleValue();
  }

  /** The time of the latest event, or of the earliest. */
  private record EventTimes(@Nullable String column, boolean earliest) implements Part {
    @Override
    public List<String> inputs() {
      return column == null ? List.of() : List.of(column);
    }

    @Override
    public States newStates(RecordSchema schema) {
      return new Times(!earliest);
    }
  }

  private static final class Times extends Extremum.OfLongs {
    private final boolean latest;

    Times(boolean latest) {
      super(latest);
      this.latest = latest;
    }

    @Override
    public States newStates() {
      return new Times(latest);
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Bitmap validity = in.columns().isEmpty() ? null : in.columns().get(0).validity();
      long[] times = in.times();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          take(slots[i], times[i]);
        }
      }
    }
  }

  private abstract static class Provider implements AggregateProvider {
    private final boolean earliest;

    Provider(boolean earliest) {
      this.earliest = earliest;
    }

    @Override
    public String name() {
      return earliest ? "time_since_first" : "time_since_last";
    }

    @Override
    public String description() {
      return "Seconds from the "
          + (earliest ? "earliest" : "latest")
          + " event of the window to the time of the row; null if there is none.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.optional(
              "column", Parameter.Kind.COLUMN, "Look only at events in which it is not null."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new TimeSince(settings.stringOrNull("column"), earliest);
    }
  }

  /** {@code time_since_last}, {@code time_since_last: column}. */
  public static final class LastProvider extends Provider {
    public LastProvider() {
      super(false);
    }
  }

  /** {@code time_since_first}, {@code time_since_first: column}. */
  public static final class FirstProvider extends Provider {
    public FirstProvider() {
      super(true);
    }
  }
}
