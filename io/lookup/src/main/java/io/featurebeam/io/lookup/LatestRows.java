package io.featurebeam.io.lookup;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest of the rows of each key, by {@link RowVersion}, whatever order they come in.
 *
 * <pre>{@code
 * LatestRows rows = LatestRows.of(LatestRows.Plan.of(group, schema, "paid_at", ownColumns));
 * rows.add(batch);
 * for (LatestRow row : rows.take()) {
 *   store.write(row.key(), row.version().text(), row.encoded());
 * }
 * }</pre>
 *
 * <p>A row without an event time or with a null in its key is an error. Of rows with equal versions
 * the one that comes last is kept: it is the same row, written again.
 */
public final class LatestRows {

  /** A column of this name says how much a row has seen; a higher one replaces a lower one. */
  public static final String REVISION = "revision";

  /**
   * Where in rows the group's columns are.
   *
   * @param own the columns that come from the event itself and not from others: they order events
   *     of equal time alike in batch and stream; none for rows that are not of one event
   */
  public record Plan(FeatureGroup group, RecordSchema schema, String eventTime, List<String> own)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    public Plan {
      for (List<Field> fields : List.of(group.keys(), group.features())) {
        for (Field field : fields) {
          FieldType type = schema.field(field.name()).type();
          if (!type.equals(field.type())) {
            throw new IllegalArgumentException(
                "Column '" + field.name() + "' is " + type + " (must be " + field.type() + ")");
          }
        }
      }
      FieldType time = schema.field(eventTime).type();
      if (!time.equals(FieldType.TIMESTAMP)) {
        throw new IllegalArgumentException(
            "Invalid event time: '" + eventTime + "' is " + time + " (must be timestamp)");
      }
      own = own.stream().sorted().toList(); // whatever order a source has them in
      own.forEach(schema::indexOf);
    }

    public static Plan of(
        FeatureGroup group, RecordSchema schema, String eventTime, List<String> own) {
      return new Plan(group, schema, eventTime, own);
    }

    private boolean hasRevisions() {
      return schema.contains(REVISION) && schema.field(REVISION).type().equals(FieldType.INT64);
    }
  }

  private final Plan plan;
  private final List<String> features;
  private final RowCodec.Writer content = new RowCodec.Writer();
  private final Map<String, LatestRow> rows = new HashMap<>();
  private long seen;

  private LatestRows(Plan plan) {
    this.plan = plan;
    this.features = plan.group().features().stream().map(Field::name).toList();
  }

  public static LatestRows of(Plan plan) {
    return new LatestRows(plan);
  }

  /** The number of keys. */
  public int size() {
    return rows.size();
  }

  /** How many rows were added since the last {@link #take}. */
  public long seen() {
    return seen;
  }

  public void add(RecordBatch batch) {
    seen += batch.size();
    RecordBatch values = batch.project(features).withPositions(Positions.unknown());
    List<Column> keys = columns(batch, plan.group().keys().stream().map(Field::name).toList());
    List<Column> own = columns(batch, plan.own());
    LongColumn times = batch.longs(plan.eventTime());
    LongColumn revisions = plan.hasRevisions() ? batch.longs(REVISION) : null;
    List<LatestRow> won = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < batch.size(); row++) {
      String key = key(keys, row, text);
      RowVersion version = version(times, own, revisions, row);
      LatestRow before = rows.get(key);
      if (before == null || before.version().compareTo(version) <= 0) {
        LatestRow latest = new LatestRow(plan.group(), key, version, values, row);
        rows.put(key, latest);
        won.add(latest);
      }
    }
    compact(won);
  }

  /** Rows of a batch are copied, so that a few of them do not hold it whole. */
  private void compact(List<LatestRow> won) {
    won.removeIf(row -> rows.get(row.key()) != row);
    if (won.isEmpty() || won.size() > won.get(0).features().size() / 2) {
      return;
    }
    RecordBatch kept =
        won.get(0).features().gather(won.stream().mapToInt(LatestRow::row).toArray());
    for (int i = 0; i < won.size(); i++) {
      won.get(i).move(kept, i);
    }
  }

  private static List<Column> columns(RecordBatch batch, List<String> names) {
    return names.stream().map(batch::column).toList();
  }

  private String key(List<Column> columns, int row, StringBuilder text) {
    text.setLength(0);
    for (int i = 0; i < columns.size(); i++) {
      KeyText.append(text, plan.group().keys().get(i), columns.get(i).value(row), i == 0);
    }
    return text.toString();
  }

  private RowVersion version(
      LongColumn times, List<Column> own, @Nullable LongColumn revisions, int row) {
    if (times.isNull(row)) {
      throw new IllegalArgumentException(
          "Event time '" + plan.eventTime() + "' is null (a store keeps the latest row of a key)");
    }
    long hash = 0;
    if (!own.isEmpty()) {
      content.clear();
      content.row(own, row);
      hash = Hashing.hash(content.bytes(), 0, content.size());
    }
    boolean isComplete = revisions == null || revisions.isNull(row);
    return new RowVersion(
        times.get(row), hash, isComplete ? RowVersion.COMPLETE : revisions.get(row));
  }

  /** The newest row of each key so far; begins anew. */
  public Collection<LatestRow> take() {
    List<LatestRow> taken = List.copyOf(rows.values());
    rows.clear();
    seen = 0;
    return taken;
  }
}
