package io.featurebeam.aggregate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Another aggregate for each value of a category column: the text of a JSON object, its keys sorted
 * by code point. Events whose category is null are left out; what the aggregate does with null and
 * NaN it does here; {@code {}} in an empty window.
 *
 * <p>A result that is null is a JSON null; NaN and the infinities are the texts "NaN", "Infinity"
 * and "-Infinity"; timestamps, dates and times are ISO 8601 texts, bytes Base64.
 *
 * <p>With more than {@code maxCategories}, or categories of together more than 1 MiB of text, the
 * whole is null: memory is bounded, and an object that lacks some of its keys would be read as if
 * they had not occurred. Where the categories are known, declare them: each becomes a column.
 *
 * <p>With {@code top} the object has only so many of the categories, the first first: those that
 * are largest themselves (numbers as numbers, texts by code point), or those whose results are; of
 * equal results the smaller category comes first, NaN after all numbers and null after NaN. All
 * categories are held and count toward the maximum.
 *
 * @param aggregate any whose result is not a list
 * @param category a string, int64, boolean, timestamp, date or time column
 * @param maxCategories of a window, from 1 to 10,000
 * @param top which of them are shown, null for all
 */
public record PerCategory(
    Aggregate aggregate, String category, int maxCategories, @Nullable Top top)
    implements TimedAggregate {

  /** By what categories come first. */
  public enum By {
    /** The category itself. */
    KEY,
    /** The aggregate's result for it. */
    VALUE
  }

  /**
   * The n largest categories.
   *
   * @param n from 1 to 10,000
   */
  public record Top(int n, By by) implements Serializable {
    public Top {
      Tally.checked("top", n, LIMIT);
      Objects.requireNonNull(by, "by is null");
    }
  }

  /** So many categories there may be if nothing else is said. */
  public static final int DEFAULT_MAX = 100;

  private static final int LIMIT = 10_000;

  public PerCategory {
    Tally.checked("maxCategories", maxCategories, LIMIT);
  }

  /** All categories. */
  public PerCategory(Aggregate aggregate, String category, int maxCategories) {
    this(aggregate, category, maxCategories, null);
  }

  /** How many are shown, as a spec has it. */
  public static int checkedTop(long n) {
    return Tally.checked("top", n, LIMIT);
  }

  /** A maximum as a spec has it. */
  public static int checkedMax(long maxCategories) {
    return Tally.checked("maxCategories", maxCategories, LIMIT);
  }

  @Override
  public List<Part> parts() {
    return List.of(new Categories(aggregate.parts(), category, maxCategories));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    FieldType type = schema.field(category).type();
    switch (type.kind()) {
      case STRING, INT64, BOOLEAN, TIMESTAMP, DATE, TIME -> {}
      default ->
          throw ColumnTypes.refusal(
              "per", category, type, "string, int64, boolean, timestamp, date or time");
    }
    FieldType result = aggregate.outputType(schema);
    if (result.kind() == FieldType.Kind.LIST) {
      throw new IllegalArgumentException(
          "Invalid per: '"
              + category
              + "' beside an aggregate that gives "
              + result
              + " (must be one that gives a single value)");
    }
    return FieldType.STRING;
  }

  @Override
  public void checkWindow(Window window) {
    aggregate.checkWindow(window);
  }

  @Override
  public void finish(States[] parts, int slot, long rowTime, Window window, ColumnBuilder out) {
    Categories.Of categories = (Categories.Of) parts[0];
    if (categories.isFull(slot)) {
      out.appendNull();
      return;
    }
    List<Categories.Category> found = there(categories.categories(slot));
    if (top != null) {
      found = new ArrayList<>(found);
      found.sort(Categories.Category.BY_VALUE);
    }
    if (top != null && top.by() == By.KEY) {
      Collections.reverse(found);
      found = found.subList(0, Math.min(top.n(), found.size()));
    }
    ColumnBuilder results = ColumnBuilder.of(aggregate.outputType(categories.schema()));
    found.forEach(c -> aggregate.finish(c.states(), c.slot(), rowTime, window, results));
    Column values = results.build();
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i : shown(values)) {
      put(object, found.get(i).name(), values.type(), values.value(i));
    }
    out.append(object.toString());
  }

  /** Those whose events were not all deleted. */
  private List<Categories.Category> there(List<Categories.Category> all) {
    return aggregate instanceof NetAggregate net
        ? all.stream().filter(c -> net.isThere(c.states(), c.slot())).toList()
        : all;
  }

  /** The places of the results that are shown, in this order. */
  private List<Integer> shown(Column values) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      places.add(i);
    }
    if (top == null || top.by() == By.KEY) {
      return places;
    }
    places.sort((a, b) -> compare(values.value(b), values.value(a))); // stable: the smaller stays
    return places.subList(0, Math.min(top.n(), places.size()));
  }

  /** Null before NaN before all others; -0.0 before 0.0. */
  private static int compare(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    } else if (a instanceof Double x && b instanceof Double y) {
      return x.isNaN() || y.isNaN() ? Boolean.compare(!x.isNaN(), !y.isNaN()) : x.compareTo(y);
    } else if (a instanceof Long x && b instanceof Long y) {
      return x.compareTo(y);
    } else if (a instanceof Boolean x && b instanceof Boolean y) {
      return x.compareTo(y);
    } else if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.compareUnsigned(x, y);
    }
    return Categories.Category.compare(a.toString(), b.toString());
  }

  private static void put(ObjectNode object, String name, FieldType type, @Nullable Object value) {
    if (value instanceof Double number && Double.isFinite(number)) {
      object.put(name, number);
    } else if (value instanceof Boolean bool) {
      object.put(name, bool);
    } else if (value instanceof byte[] bytes) {
      object.put(name, bytes);
    } else if (value instanceof Long number && type.equals(FieldType.INT64)) {
      object.put(name, number);
    } else if (value instanceof Long number) {
      object.put(name, text(type, number));
    } else {
      object.put(name, value == null ? null : value.toString());
    }
  }

  /** A number of a column as text: digits, or a time as ISO 8601 if there is such a time. */
  static String text(FieldType type, long number) {
    return switch (type.kind()) {
      case TIMESTAMP -> Instant.EPOCH.plus(number, ChronoUnit.MICROS).toString();
      case DATE ->
          ChronoField.EPOCH_DAY.range().isValidValue(number)
              ? LocalDate.ofEpochDay(number).toString()
              : Long.toString(number);
      case TIME ->
          ChronoField.MICRO_OF_DAY.range().isValidValue(number)
              ? LocalTime.ofNanoOfDay(number * 1000).toString()
              : Long.toString(number);
      default -> Long.toString(number);
    };
  }
}
