package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The values that a column has most often, or how often it has them: a list, the most frequent
 * first, ties by value (texts by their bytes). Nulls are left out; NaN is one value, after all
 * others; -0.0 is 0.0; an empty list in an empty window. Texts of more than {@value #MAX_TEXT}
 * bytes are left out.
 *
 * <p>Values and counts are two features, whose lists agree place by place: so both keep their types
 * in every format, and they are accumulated once.
 *
 * <p>Exact while no single tile of the window has more than {@value #EXACT} different values;
 * beyond that a frequent items sketch of {@value #MAP_SIZE} places (Apache DataSketches; Misra and
 * Gries with purges). A count is then never too low, and too high by at most 0.35 % of the number
 * of values in the window, and every value that has more of them than that is among those that the
 * list is picked from. A sketch's result depends on the order of merging, within that bound. Of
 * what was deleted a sketch cannot be told: the list is null in a window that has both.
 *
 * @param column a column of any type but list
 * @param topK the longest list, from 1 to 256
 * @param counts whether the list has the counts (int64) instead of the values
 */
public record FrequentItems(String column, int topK, boolean counts) implements Aggregate {

  /** Up to this many different values are counted exactly. */
  public static final int EXACT = 1024;

  /** The longest list if nothing else is said. */
  public static final int DEFAULT_TOP = 10;

  static final int MAP_SIZE = 1024;
  static final int MAX_TEXT = 1024;
  private static final int MAX_TOP = 256;

  public FrequentItems {
    Tally.checked("topK", topK, MAX_TOP);
  }

  @Override
  public List<Part> parts() {
    return List.of(new Frequencies(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    FieldType type = Tally.type("frequent_items", schema, column);
    return FieldType.listOf(counts ? FieldType.INT64 : type);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Frequencies.Of frequencies = (Frequencies.Of) parts[0];
    if (frequencies.isUnknown()) {
      out.appendNull();
      return;
    }
    frequencies.appendTop(slot, topK, counts, out.elements());
    out.endList();
  }

  /** {@code frequent_items: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "frequent_items";
    }

    @Override
    public String description() {
      return "The values that a column has most often, the most frequent first, or their counts:"
          + " exact for up to 1,024 different values in a tile, else counts are up to 0.35 % of all"
          + " values too high.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."),
          Parameter.optional(
              "topK", Parameter.Kind.INTEGER, "The longest list, at most 256 (default: 10)."),
          Parameter.optional(
              "counts",
              Parameter.Kind.BOOLEAN,
              "Whether to give the counts, in the same order, instead of the values (default:"
                  + " false)."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new FrequentItems(
          settings.string("column"),
          Tally.checked("topK", settings.integer("topK", DEFAULT_TOP), MAX_TOP),
          settings.flag("counts", false));
    }
  }
}
