package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The values of the k earliest events in which a column is not null, the earliest first, or of the
 * k latest, the latest first; fewer if there are fewer, null if there is none. NaN is a value.
 * Events of equal time are ordered as for {@link Last}, so the result does not depend on the order
 * of arrival.
 *
 * @param column a column of any type but list; the result is a list of that type
 * @param k from 1 to 10,000
 * @param latest whether the latest events are wanted instead of the earliest
 */
public record FirstK(String column, int k, boolean latest) implements Aggregate, Part {

  public FirstK {
    RankedValues.checked(name(latest), k);
  }

  private static String name(boolean latest) {
    return latest ? "last_k" : "first_k";
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
    return FieldType.listOf(ColumnTypes.scalar(name(latest), schema, column));
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new ByTime(schema.field(column).type(), k, latest);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    ((RankedValues) parts[0]).append(slot, out);
  }

  private static final class ByTime extends RankedValues {
    private final FieldType type;
    private final int k;
    private final boolean latest;

    ByTime(FieldType type, int k, boolean latest) {
      super(type, k, 3);
      this.type = type;
      this.k = k;
      this.latest = latest;
    }

    @Override
    boolean rank(Inputs in, int row, long[] rank) {
      long flip = latest ? -1 : 0; // the complement turns the order around
      rank[0] = in.times()[row] ^ flip;
      rank[1] = in.ties().sequence()[row] ^ flip;
      rank[2] = in.ties().contentHash()[row] ^ flip;
      return true;
    }

    @Override
    public States newStates() {
      return new ByTime(type, k, latest);
    }
  }

  private abstract static class Provider implements AggregateProvider {
    private final boolean latest;

    Provider(boolean latest) {
      this.latest = latest;
    }

    @Override
    public String name() {
      return FirstK.name(latest);
    }

    @Override
    public String description() {
      return latest
          ? "The values of the k latest events in which a column is not null, the latest first."
          : "The values of the k earliest events in which a column is not null, the earliest first.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."),
          Parameter.required("k", Parameter.Kind.INTEGER, "How many at most, from 1 to 10,000."));
    }

    @Override
    public Aggregate create(Settings settings) {
      int k = RankedValues.checked(name(), settings.integer("k"));
      return new FirstK(settings.string("column"), k, latest);
    }
  }

  /** {@code first_k: {column: c, k: 3}}. */
  public static final class FirstProvider extends Provider {
    public FirstProvider() {
      super(false);
    }
  }

  /** {@code last_k: {column: c, k: 3}}. */
  public static final class LastProvider extends Provider {
    public LastProvider() {
      super(true);
    }
  }
}
