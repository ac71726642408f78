package io.featurebeam.aggregate;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.RowHashes;
import io.featurebeam.expression.Condition;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Micros;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@link WindowedAggregates} bound to the schema of the records: types checked, equal parts shared,
 * the grid of tiles found. Making one is how a pipeline finds errors before it runs.
 */
public final class BoundAggregates {

  /** A part over the records where an expression is true. */
  record ConditionalPart(Part part, @Nullable String where) {}

  /** The windows of one length and bounds. */
  record Frame(Window window, WindowBounds bounds) {
    /** Whether what a row sees depends on single items between the edges, not on their times. */
    boolean tellsItemsApart() {
      return window.isSession() || bounds.tellsEventsApart();
    }
  }

  /**
   * One output column: an aggregate over a frame; {@code parts} are indexes into the shared parts.
   */
  @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
  record Output(String name, FieldType type, Aggregate aggregate, int frame, int[] parts) {}

  private final WindowedAggregates spec;
  private final RecordSchema schema;
  private final RecordSchema withElements;
  private final List<ConditionalPart> parts;

  /** Per part the list column whose elements it takes, or null. */
  private final List<@Nullable String> lists;

  private final List<Frame> frames;
  private final List<Output> outputs;
  private final RecordSchema outputSchema;
  private final @Nullable TileGrid grid;
  private final Set<String> tieColumns;

  private BoundAggregates(
      WindowedAggregates spec,
      RecordSchema schema,
      List<ConditionalPart> parts,
      List<Frame> frames,
      List<Output> outputs) {
    this.spec = spec;
    this.schema = schema;
    this.parts = parts;
    this.frames = frames;
    this.outputs = outputs;
    this.lists = parts.stream().map(p -> ListElements.list(p.part(), schema)).toList();
    this.withElements =
        ListElements.schema(parts.stream().map(ConditionalPart::part).toList(), schema);
    this.grid = TileGrid.of(spec, frames).orElse(null);
    this.tieColumns = tieColumns();
    this.outputSchema = outputSchema(spec, schema, outputs);
  }

  /** Checks columns, types, expressions and names, and throws with name, value and way out. */
  public static BoundAggregates bind(WindowedAggregates spec, RecordSchema schema) {
    checkColumns(spec, schema);
    if (spec.rowsWhere() != null) {
      Condition unused = Condition.of("rows", spec.rowsWhere(), schema);
    }
    Map<ConditionalPart, Integer> parts = new LinkedHashMap<>();
    Map<Frame, Integer> frames = new LinkedHashMap<>();
    List<Output> outputs = new ArrayList<>();
    for (Group group : spec.groups()) {
      for (Feature feature : group.features()) {
        if (feature.where() != null) {
          Condition unused = Condition.of(feature.where(), schema);
        }
        FieldType type = outputType(feature.aggregate(), schema);
        Aggregate aggregate = feature.aggregate();
        if (spec.changes() != null) {
          aggregate = NetAggregate.of(feature.name(), aggregate, spec.changes());
        }
        int[] partIndexes =
            aggregate.parts().stream()
                .map(p -> new ConditionalPart(simplified(p, schema), feature.where()))
                .mapToInt(p -> index(parts, p))
                .toArray();
        for (Window window : group.windows()) {
          feature.aggregate().checkWindow(window);
          int frame = index(frames, new Frame(window, group.bounds()));
          outputs.add(
              new Output(feature.name() + "_" + window, type, aggregate, frame, partIndexes));
        }
      }
    }
    return new BoundAggregates(
        spec, schema, List.copyOf(parts.keySet()), List.copyOf(frames.keySet()), outputs);
  }

  /**
   * The type of an aggregate's result; checks its columns, of which one may be {@code elements(c)},
   * and throws with name, type and way out.
   */
  public static FieldType outputType(Aggregate aggregate, RecordSchema schema) {
    return aggregate.outputType(ListElements.schema(aggregate.parts(), schema));
  }

  /** The columns that an aggregate reads: c, and not elements(c). */
  public static Set<String> columns(Aggregate aggregate, RecordSchema schema) {
    Set<String> columns = new LinkedHashSet<>();
    aggregate.parts().forEach(part -> columns.addAll(ListElements.columns(part, schema)));
    return columns;
  }

  private static <T> int index(Map<T, Integer> indexes, T value) {
    Integer known = indexes.putIfAbsent(value, indexes.size());
    return known == null ? indexes.size() - 1 : known;
  }

  /**
   * The values of a column without nulls are as many as the events, which may be counted already.
   */
  private static Part simplified(Part part, RecordSchema schema) {
    if (part instanceof NetPart net) {
      return new NetPart(simplified(net.part(), schema), net.changes());
    }
    return part instanceof Count count
            && count.column() != null
            && schema.contains(count.column())
            && !schema.field(count.column()).nullable()
        ? new Count(null)
        : part;
  }

  private static void checkColumns(WindowedAggregates spec, RecordSchema schema) {
    FieldType time = schema.field(spec.eventTime()).type();
    if (!time.equals(FieldType.TIMESTAMP)) {
      throw ColumnTypes.refusal("eventTime", spec.eventTime(), time, "timestamp");
    }
    for (String key : spec.keys()) {
      FieldType type = schema.field(key).type();
      if (type.kind() == FieldType.Kind.LIST) {
        throw ColumnTypes.refusal("a key", key, type, "anything but a list");
      }
    }
    if (spec.changes() != null) {
      spec.changes().check(schema);
    }
    if (spec.sequence() != null) {
      FieldType type = schema.field(spec.sequence()).type();
      if (type.storage() != FieldType.Storage.LONG) {
        throw ColumnTypes.refusal(
            "sequence", spec.sequence(), type, "int64, timestamp, date or time");
      }
    }
  }

  private static RecordSchema outputSchema(
      WindowedAggregates spec, RecordSchema schema, List<Output> outputs) {
    List<Field> fields = new ArrayList<>();
    if (spec.emission().kind() == Emission.Kind.EVERY_EVENT) {
      fields.addAll(schema.fields());
    } else {
      spec.keys().forEach(key -> fields.add(schema.field(key)));
      if (spec.isSessionClose()) {
        fields.add(Field.required(WindowedAggregates.WINDOW_START, FieldType.TIMESTAMP));
      }
      fields.add(Field.required(WindowedAggregates.WINDOW_END, FieldType.TIMESTAMP));
    }
    Set<String> names = new LinkedHashSet<>();
    fields.forEach(field -> names.add(field.name()));
    if (names.size() < fields.size()) {
      throw new IllegalArgumentException(
          "Invalid keys: "
              + spec.keys()
              + " (each once, and none named '"
              + (spec.isSessionClose() ? WindowedAggregates.WINDOW_START + "' or '" : "")
              + WindowedAggregates.WINDOW_END
              + "', which is the time of a row)");
    }
    for (Output output : outputs) {
      if (!names.add(output.name())) {
        throw new IllegalArgumentException(
            "Duplicate column: '"
                + output.name()
                + "' (a feature's column is its name and window; give features of equal windows"
                + " different names, also from the columns beside them)");
      }
      fields.add(Field.of(output.name(), output.type()));
    }
    return RecordSchema.of(fields);
  }

  /** The columns of the feature rows. */
  public RecordSchema outputSchema() {
    return outputSchema;
  }

  /** The columns of the features alone. */
  public List<Field> featureFields() {
    return outputs.stream().map(output -> Field.of(output.name(), output.type())).toList();
  }

  /** The timestamp column of the feature rows. */
  public String outputTime() {
    return isEveryEvent() ? spec.eventTime() : WindowedAggregates.WINDOW_END;
  }

  /** Whether records are reduced to tiles before they cross the network. */
  public boolean isTiled() {
    return grid != null;
  }

  /** The columns that are read: all of them if each record comes out again. */
  public List<String> inputColumns() {
    return isEveryEvent() ? schema.names() : neededColumns();
  }

  /** The columns that windows, conditions and the order of ties need. */
  public List<String> neededColumns() {
    Set<String> names = new LinkedHashSet<>(spec.keys());
    names.add(spec.eventTime());
    if (spec.sequence() != null) {
      names.add(spec.sequence());
    }
    for (ConditionalPart part : parts) {
      names.addAll(ListElements.columns(part.part(), schema));
      if (part.where() != null) {
        names.addAll(Condition.of(part.where(), schema).columns());
      }
    }
    names.addAll(tieColumns);
    return List.copyOf(names);
  }

  /**
   * What runs before the shuffle.
   *
   * @param shards into how many groups keys are split
   * @param maxCells how many pairs of key and tile are held before it is full
   * @param maxBytes how many bytes of states or records are held before it is full
   */
  public ShardSplitter splitter(int shards, int maxCells, long maxBytes) {
    return isTiled()
        ? new TileAggregator(this, shards, maxCells, maxBytes)
        : new KeyShards(spec.keys(), keyTypes(), inputColumns(), shards, maxBytes);
  }

  /** What runs before the shuffle of a stream: whole records, as one may turn out to be late. */
  public ShardSplitter liveSplitter(int shards) {
    return new KeyShards(spec.keys(), keyTypes(), null, shards, Long.MAX_VALUE);
  }

  /**
   * What runs after the shuffle, for one shard at a time.
   *
   * @param from the first row time that is wanted, in microseconds
   * @param to the first row time that is not wanted any more
   */
  public ShardAggregator aggregator(long from, long to) {
    return isTiled() ? new TileMerger(this, from, to) : new EventAggregator(this, from, to);
  }

  /**
   * The features of labels, for one shard at a time.
   *
   * @param maxBytes how many bytes of events are held in memory; the others go to local disk
   */
  public LabelFeatures labels(long maxBytes) {
    return new LabelFeatures(this, maxBytes);
  }

  public WindowedAggregates spec() {
    return spec;
  }

  RecordSchema schema() {
    return schema;
  }

  List<Frame> frames() {
    return frames;
  }

  List<Output> outputs() {
    return outputs;
  }

  boolean isEveryEvent() {
    return spec.emission().kind() == Emission.Kind.EVERY_EVENT;
  }

  boolean isSessionClose() {
    return spec.isSessionClose();
  }

  TileGrid grid() {
    if (grid == null) {
      throw new IllegalStateException("The windows do not fall on a grid of tiles");
    }
    return grid;
  }

  /** At whose edges rows are made. */
  TileGrid hops() {
    return new TileGrid(spec.hop(), spec.isRightClosed());
  }

  /** The same, with the events at an edge in the hop whose row is the first to see them. */
  TileGrid seenHops() {
    return new TileGrid(spec.hop(), frames.stream().anyMatch(f -> f.bounds().rightClosed()));
  }

  List<FieldType> keyTypes() {
    return spec.keys().stream().map(k -> schema.field(k).type()).toList();
  }

  List<Column> keyColumns(RecordBatch batch) {
    return spec.keys().stream().map(batch::column).toList();
  }

  int partCount() {
    return parts.size();
  }

  /** States for every part, without a slot. */
  States[] newStates() {
    return parts.stream().map(p -> p.part().newStates(withElements)).toArray(States[]::new);
  }

  /** Adds the records of batches to states; remembers the compiled conditions. Not thread-safe. */
  final class Accumulator {
    private final Map<String, Condition> conditions = new LinkedHashMap<>();
    private final boolean ordered = parts.stream().anyMatch(p -> p.part().isOrdered());
    private int[] masked = {};

    /** Adds record i of the batch to {@code slots[i]} of each part. */
    void accumulate(RecordBatch batch, States[] states, int[] slots) {
      long[] times = times(batch);
      Inputs.Ties ties = ordered ? ties(batch) : Inputs.Ties.NONE;
      Map<String, ListElements> elements = new LinkedHashMap<>();
      for (int p = 0; p < states.length; p++) {
        ConditionalPart part = parts.get(p);
        int[] target = part.where() == null ? slots : mask(part.where(), batch, slots);
        String list = lists.get(p);
        if (list == null) {
          List<Column> columns = part.part().inputs().stream().map(batch::column).toList();
          states[p].accumulate(new Inputs(columns, times, ties, batch.size()), target);
        } else {
          ListElements each =
              elements.computeIfAbsent(
                  list, l -> ListElements.of((ListColumn) batch.column(l), times));
          states[p].accumulate(each.inputs(part.part(), batch), each.slots(target));
        }
      }
    }

    /** Which records have a row of their own; null for all. */
    @Nullable Bitmap asking(RecordBatch batch) {
      Changes changes = spec.changes();
      Bitmap inserting =
          changes == null ? null : changes.deleting(batch.column(changes.column())).not();
      if (spec.rowsWhere() == null) {
        return inserting;
      }
      Bitmap wanted = selected(spec.rowsWhere(), batch);
      return inserting == null ? wanted : wanted.and(inserting);
    }

    private Bitmap selected(String where, RecordBatch batch) {
      return conditions.computeIfAbsent(where, w -> Condition.of(w, batch.schema())).holds(batch);
    }

    private int[] mask(String where, RecordBatch batch, int[] slots) {
      Bitmap selected = selected(where, batch);
      if (masked.length < batch.size()) {
        masked = new int[batch.size()];
      }
      for (int i = 0; i < batch.size(); i++) {
        masked[i] = selected.get(i) ? slots[i] : -1;
      }
      return masked;
    }
  }

  /** The first event time that some window shows to a row at {@code t}; sessions aside. */
  long firstSeen(long t) {
    long first = Long.MAX_VALUE;
    for (Frame frame : frames) {
      if (!frame.window().isSession()) {
        first = Math.min(first, frame.bounds().firstSeen(t, frame.window()));
      }
    }
    return first;
  }

  /** The same where a session may have begun at any time. */
  long firstAsked(long t) {
    boolean sessions = frames.stream().anyMatch(f -> f.window().isSession());
    return sessions ? Long.MIN_VALUE : firstSeen(t);
  }

  /** Whether no window reaches back without an end. */
  boolean isFinite() {
    return frames.stream().noneMatch(f -> f.window().isSession() || f.window().isLifetime());
  }

  /**
   * Rows from {@code t} on tell events from here on apart; of those before, each sees all or, of a
   * window without a beginning, the latest {@link #lifetimeRowCap}. Sessions aside.
   */
  long firstToldApart(long t) {
    long first = t;
    for (Frame frame : frames) {
      if (frame.window().isSession()) {
        continue;
      }
      long seen =
          frame.window().isLifetime()
              ? Math.max(Long.MIN_VALUE + frame.bounds().delayMicros(), t)
                  - frame.bounds().delayMicros()
              : frame.bounds().firstSeen(t, frame.window());
      first = Math.min(first, seen);
    }
    return first;
  }

  /**
   * How far before its time a row sees an event, windows without a beginning aside, and of a
   * session its last event; saturates.
   */
  long finiteReach() {
    long reach = spec.hop();
    for (Frame frame : frames) {
      WindowBounds bounds = frame.bounds();
      boolean lifetime = frame.window().isLifetime();
      long more = lifetime ? bounds.delayMicros() : bounds.reach(frame.window());
      reach = Math.max(reach, more);
    }
    return reach > Long.MAX_VALUE - spec.hop() ? Long.MAX_VALUE : reach + spec.hop();
  }

  /** Whether some window still shows an event to a row at {@code t}, however long it is. */
  boolean isSeen(long event, long t) {
    for (Frame frame : frames) {
      if (!frame.bounds().endsBefore(event, t)) {
        return true;
      }
    }
    return false;
  }

  boolean hasLifetime() {
    return frames.stream().anyMatch(f -> f.window().isLifetime());
  }

  /** Whether some window shows all events there were. */
  boolean hasEndlessLifetime() {
    return frames.stream().anyMatch(f -> f.window().isLifetime() && f.bounds().rowCap() == 0);
  }

  /** How many of the latest events windows without a beginning count one by one; saturates. */
  int lifetimeRowCap() {
    long most =
        frames.stream()
            .filter(f -> f.window().isLifetime())
            .mapToLong(f -> (long) f.bounds().rowCap() + f.bounds().rowDelay())
            .max()
            .orElse(0);
    return (int) Math.min(Integer.MAX_VALUE, most);
  }

  /** The event times; throws if one is null or too late. */
  long[] times(RecordBatch batch) {
    LongColumn times = batch.longs(spec.eventTime());
    if (times.nullCount() > 0) {
      throw new IllegalArgumentException(
          "Column '"
              + spec.eventTime()
              + "' has "
              + times.nullCount()
              + " nulls (an event time must not be null; reject such records with a rule before)");
    }
    checkLast(times);
    return times.values();
  }

  private void checkLast(LongColumn times) {
    long last = spec.lastTime();
    long[] values = times.values();
    int after = 0;
    for (int i = 0; i < times.size() && last < Long.MAX_VALUE; i++) {
      after += values[i] > last ? 1 : 0;
    }
    if (after > 0) {
      throw new IllegalArgumentException(
          "Column '"
              + spec.eventTime()
              + "' has "
              + after
              + " times after "
              + Micros.instant(last)
              + " (their windows end after the last timestamp there is; reject such records with a"
              + " rule before)");
    }
  }

  /** Records of before columns were added or left out, with the columns of now. */
  RecordBatch conform(RecordBatch batch) {
    if (batch.schema().names().equals(schema.names())) {
      return batch;
    }
    List<Field> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (Field field : schema.fields()) {
      boolean there = batch.schema().contains(field.name());
      fields.add(there ? batch.schema().field(field.name()) : field);
      columns.add(there ? batch.column(field.name()) : Column.nulls(field.type(), batch.size()));
    }
    return RecordBatch.of(RecordSchema.of(fields), batch.size(), columns)
        .withPositions(batch.positions());
  }

  /**
   * What orders events of equal time: the sequence, null first, then a hash of the columns that are
   * read; of all where the order decides which event sees the other.
   */
  Inputs.Ties ties(RecordBatch batch) {
    List<Column> columns = tieColumns.stream().map(batch::column).toList();
    return new Inputs.Ties(sequence(batch), RowHashes.of(columns, batch.size()));
  }

  private Set<String> tieColumns() {
    Set<String> columns = new TreeSet<>(spec.keys());
    if (isEveryEvent()
        && frames.stream().anyMatch(f -> f.bounds().ties() == WindowBounds.Ties.BEFORE)) {
      columns.addAll(schema.names());
    }
    for (ConditionalPart part : parts) {
      columns.addAll(ListElements.columns(part.part(), schema));
      if (part.where() != null) {
        columns.addAll(Condition.of(part.where(), schema).columns());
      }
    }
    return columns;
  }

  private long[] sequence(RecordBatch batch) {
    if (spec.sequence() == null) {
      return new long[batch.size()];
    }
    LongColumn column = batch.longs(spec.sequence());
    if (column.nullCount() == 0) {
      return column.values();
    }
    long[] sequence = new long[batch.size()];
    for (int i = 0; i < sequence.length; i++) {
      sequence[i] = column.isNull(i) ? Long.MIN_VALUE : column.get(i);
    }
    return sequence;
  }
}
