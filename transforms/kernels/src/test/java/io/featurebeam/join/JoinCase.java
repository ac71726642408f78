package io.featurebeam.join;

import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.join.NaiveJoin.Where;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A random case: the join, labels, events and rows of a table, and the seed of all that must not
 * matter. {@link #difference} is the comparison with the oracle.
 *
 * @param asked by window group, its aggregates as they were asked for
 * @param events what window groups see
 * @param table what as-of groups see
 */
record JoinCase(
    PointInTime join,
    Map<String, WindowedAggregates> asked,
    List<Map<String, @Nullable Object>> labels,
    List<Map<String, @Nullable Object>> events,
    List<Map<String, @Nullable Object>> table,
    long seed) {

  static final RecordSchema LABELS =
      RecordSchema.of(
          Field.of("mark", FieldType.INT64),
          Field.of("shop", FieldType.INT64),
          Field.required("at", FieldType.TIMESTAMP),
          Field.of("card", FieldType.STRING),
          Field.of("weight", FieldType.FLOAT64),
          Field.of("tags", FieldType.listOf(FieldType.INT64)));

  /** Keys of other names than those of the labels, but for one. */
  static final RecordSchema EVENTS =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.of("place", FieldType.INT64),
          Field.of("weight", FieldType.FLOAT64),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("seq", FieldType.INT64),
          Field.of("x", FieldType.FLOAT64),
          Field.of("n", FieldType.INT64),
          Field.of("s", FieldType.STRING),
          Field.of("b", FieldType.BOOLEAN),
          Field.of("l", FieldType.listOf(FieldType.INT64)));

  /** {@code label_shop} is a column of its own here, which hides that of the labels. */
  static final RecordSchema TABLE =
      RecordSchema.of(
          Field.of("tier", FieldType.STRING),
          Field.of("card", FieldType.STRING),
          Field.of("branch", FieldType.INT64),
          Field.of("weight", FieldType.FLOAT64),
          Field.of("level", FieldType.INT64),
          Field.of("valid_from", FieldType.TIMESTAMP),
          Field.of("made", FieldType.TIMESTAMP),
          Field.of("label_shop", FieldType.INT64),
          Field.of("flags", FieldType.listOf(FieldType.INT64)));

  /** What the conditions of the random aggregates mean, in Java. */
  static final Map<String, Predicate<Map<String, @Nullable Object>>> CONDITIONS =
      Map.of(
          "b", event -> Objects.equals(event.get("b"), true),
          "n > 0", event -> event.get("n") instanceof Long n && n > 0);

  /** What those of the random tables mean. */
  static final Map<String, Where> WHERES =
      Map.of(
          "tier == 'gold'",
          new Where(List.of("tier"), (row, label) -> "gold".equals(row.get("tier"))),
          "level >= label_mark",
          new Where(
              List.of("level"),
              (row, label) ->
                  row.get("level") instanceof Long level
                      && label.get("mark") instanceof Long mark
                      && level >= mark),
          "label_card == tier || label_mark == 1",
          new Where(
              List.of("tier"),
              (row, label) ->
                  (row.get("tier") instanceof String tier && tier.equals(label.get("card")))
                      || Objects.equals(label.get("mark"), 1L)),
          "label_shop == 1",
          new Where(
              List.of("label_shop"), (row, label) -> Objects.equals(row.get("label_shop"), 1L)),
          "label_tags == null",
          new Where(List.of(), (row, label) -> label.get("tags") == null));

  JoinCase with(PointInTime newJoin, Map<String, WindowedAggregates> newAsked) {
    return new JoinCase(newJoin, newAsked, labels, events, table, seed);
  }

  JoinCase with(
      List<Map<String, @Nullable Object>> newLabels,
      List<Map<String, @Nullable Object>> newEvents,
      List<Map<String, @Nullable Object>> newTable) {
    return new JoinCase(join, asked, newLabels, newEvents, newTable, seed);
  }

  List<RecordSchema> schemas() {
    return join.groups().stream().map(g -> g instanceof WindowGroup ? EVENTS : TABLE).toList();
  }

  BoundJoin plan() {
    return BoundJoin.bind(join, LABELS, schemas());
  }

  List<List<Map<String, @Nullable Object>>> records() {
    List<List<Map<String, @Nullable Object>>> records = new ArrayList<>();
    join.groups().forEach(g -> records.add(g instanceof WindowGroup ? events : table));
    return records;
  }

  /** By label, in their order. */
  List<List<@Nullable Object>> expected() {
    return new NaiveJoin(join, asked, CONDITIONS, WHERES).rows(labels, records());
  }

  /** The rows of the kernels, in no order. */
  List<List<@Nullable Object>> actual() {
    return actual(seed % 3 == 0 ? 100 : Long.MAX_VALUE);
  }

  /** With so many bytes in memory. */
  List<List<@Nullable Object>> actual(long maxBytes) {
    JoinPlans run = new JoinPlans(1 + (int) Math.floorMod(seed, 5L), maxBytes);
    return run.rows(plan(), schemas(), labels, records(), seed);
  }

  /** The first difference between the kernels' rows and these, if there is one. */
  Optional<String> difference(List<List<@Nullable Object>> expected) {
    return difference(expected, actual());
  }

  Optional<String> difference(
      List<List<@Nullable Object>> expected, List<List<@Nullable Object>> actual) {
    List<String> wanted = sorted(expected);
    List<String> there = sorted(actual);
    if (wanted.size() != there.size()) {
      return Optional.of(wanted.size() + " rows expected, " + there.size() + " there: " + there);
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!wanted.get(i).equals(there.get(i))) {
        return Optional.of(
            "\n  "
                + plan().outputSchema().names()
                + "\n  "
                + there.get(i)
                + "\n  must be\n  "
                + wanted.get(i));
      }
    }
    return Optional.empty();
  }

  private static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().map(Object::toString).sorted(Comparator.naturalOrder()).toList();
  }

  static Map<String, @Nullable Object> put(
      Map<String, @Nullable Object> record, String column, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(record);
    changed.put(column, value);
    return changed;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("at " + join.labelTime() + ", seed " + seed);
    join.groups().forEach(group -> text.append("\n  ").append(group));
    labels.forEach(label -> text.append("\n  label ").append(label));
    events.forEach(event -> text.append("\n  event ").append(event));
    table.forEach(row -> text.append("\n  row ").append(row));
    return text.toString();
  }
}
