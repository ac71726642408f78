package io.featurebeam.profile;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of all added batches hold. Profiles of parts merge into the profile of the
 * whole.
 *
 * <pre>{@code
 * BatchProfile profile = BatchProfile.of(schema, List.of("card_number")); // masked: only counted
 * profile.add(batch);
 * profile.merge(BatchProfile.fromBytes(bytes));
 * ColumnProfile delay = profile.column("delay");
 * }</pre>
 *
 * <p>Null, NaN and infinities are counted apart from the values. The first {@value #FULL_ROWS}
 * records are looked at in full; of those after them, quantiles, histograms and the frequent values
 * of columns without a dictionary look at one in {@value #SAMPLE_RATE}, chosen by the hash of its
 * position, and say so. All else is of every record. Memory is bounded: some 100 KB per column.
 *
 * <p>Not thread-safe.
 */
public final class BatchProfile {

  /** So many records of a profile are looked at in full. */
  public static final int FULL_ROWS = RowSample.FULL;

  /** Of the records after those, one in this many is sampled for what says that it is. */
  public static final int SAMPLE_RATE = RowSample.RATE;

  private static final int MAGIC = 0x46425046; // "FBPF"
  private static final int VERSION = 2;
  private static final int MAX_COLUMNS = 1 << 16;

  private final RecordSchema schema;
  private final Set<String> masked;
  private final List<Pair> pairs;
  private final List<ColumnStats> stats;
  private final List<PairStats> pairStats;
  private long records;

  /** Two int64 or float64 columns, to be correlated. */
  public record Pair(String first, String second) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  private BatchProfile(RecordSchema schema, Set<String> masked, List<Pair> pairs) {
    this.schema = schema;
    this.masked = masked;
    this.pairs = pairs;
    this.stats =
        schema.fields().stream().map(f -> ColumnStats.of(f, masked.contains(f.name()))).toList();
    this.pairStats = pairs.stream().map(p -> new PairStats(schema, p.first(), p.second())).toList();
  }

  /** An empty profile of records of this schema. */
  public static BatchProfile of(RecordSchema schema) {
    return of(schema, List.of());
  }

  /**
   * An empty profile.
   *
   * @param masked columns of the schema whose values must not show: only records and nulls are
   *     counted
   */
  public static BatchProfile of(RecordSchema schema, Collection<String> masked) {
    return of(schema, masked, List.of());
  }

  /**
   * An empty profile that correlates columns, too.
   *
   * @param pairs of int64 or float64 columns, none of them masked
   */
  public static BatchProfile of(RecordSchema schema, Collection<String> masked, List<Pair> pairs) {
    Objects.requireNonNull(schema, "schema is null");
    masked.forEach(schema::indexOf);
    for (Pair pair : pairs) {
      for (String column : List.of(pair.first(), pair.second())) {
        if (masked.contains(column)) {
          throw new IllegalArgumentException("Cannot correlate '" + column + "': it is masked");
        }
      }
    }
    return new BatchProfile(schema, Set.copyOf(masked), List.copyOf(pairs));
  }

  public void add(RecordBatch batch) {
    if (!batch.schema().equals(schema)) {
      throw new IllegalArgumentException(
          "Cannot profile a batch of " + batch.schema() + " (must be " + schema + ")");
    }
    int @Nullable [] sample = RowSample.of(batch, records);
    for (int c = 0; c < stats.size(); c++) {
      stats.get(c).add(batch.column(c), sample);
    }
    pairStats.forEach(pair -> pair.add(batch));
    records += batch.size();
  }

  /** Adds all that {@code other} has seen, which stays as it is. */
  public void merge(BatchProfile other) {
    if (!other.schema.equals(schema)
        || !other.masked.equals(masked)
        || !other.pairs.equals(pairs)) {
      throw new IllegalArgumentException(
          "Cannot merge profiles of " + other.describe() + " and " + describe());
    }
    for (int c = 0; c < stats.size(); c++) {
      stats.get(c).merge(other.stats.get(c));
    }
    for (int p = 0; p < pairStats.size(); p++) {
      pairStats.get(p).merge(other.pairStats.get(p));
    }
    records += other.records;
  }

  private String describe() {
    return schema
        + (masked.isEmpty() ? "" : " with " + masked + " masked")
        + (pairs.isEmpty() ? "" : " with pairs " + pairs);
  }

  public RecordSchema schema() {
    return schema;
  }

  /** How many records were added. */
  public long records() {
    return records;
  }

  /** Each column's profile, in the order of the schema. */
  public List<ColumnProfile> columns() {
    List<ColumnProfile> result = new ArrayList<>(stats.size());
    for (int c = 0; c < stats.size(); c++) {
      result.add(stats.get(c).profile(schema.field(c)));
    }
    return result;
  }

  /** The profile of one column; an unknown name throws and suggests the nearest. */
  public ColumnProfile column(String name) {
    int index = schema.indexOf(name);
    return stats.get(index).profile(schema.field(index));
  }

  /**
   * How the values of one column are spread, to be compared with another's; an unknown name throws
   * and suggests the nearest.
   */
  public Distribution distribution(String name) {
    int index = schema.indexOf(name);
    return stats.get(index).spread(schema.field(index));
  }

  /** How the columns of each chosen pair move together. */
  public List<Correlation> correlations() {
    return pairStats.stream().map(pair -> pair.correlation(schema)).toList();
  }

  /** The binary form, which {@link #fromBytes} of this and later releases reads. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeByte(VERSION);
      out.writeLong(records);
      out.writeInt(schema.size());
      for (Field field : schema.fields()) {
        writeString(out, field.name());
        writeString(out, field.type().toString());
        out.writeBoolean(field.nullable());
        out.writeBoolean(masked.contains(field.name()));
      }
      out.writeInt(pairs.size());
      for (Pair pair : pairs) {
        writeString(out, pair.first());
        writeString(out, pair.second());
      }
      for (ColumnStats column : stats) {
        column.save(out);
      }
      for (PairStats pair : pairStats) {
        pair.save(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static void writeString(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  /**
   * What {@link #toBytes} wrote. Any other bytes give an {@link IllegalArgumentException} that says
   * where and why, or a profile of something else; never more than some 100 KB per column.
   */
  public static BatchProfile fromBytes(byte[] bytes) {
    ProfileReader in = new ProfileReader(bytes);
    if (bytes.length < 5 || in.readInt() != MAGIC) {
      throw in.corrupt("it does not start with the mark of a profile");
    }
    int version = in.readByte();
    if (version != VERSION) {
      throw in.corrupt("its version is " + version + " (this release reads " + VERSION + ")");
    }
    long records = in.count("records");
    int columns = in.length(MAX_COLUMNS, 10, "columns");
    List<Field> fields = new ArrayList<>();
    List<String> masked = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      String name = in.readString("bytes of a column name");
      FieldType type = FieldType.parse(in.readString("bytes of a type"));
      fields.add(new Field(name, type, in.readBoolean()));
      if (in.readBoolean()) {
        masked.add(name);
      }
    }
    List<Pair> pairs = new ArrayList<>();
    int chosen = in.length(MAX_COLUMNS, 8, "pairs");
    for (int p = 0; p < chosen; p++) {
      pairs.add(
          new Pair(
              in.readString("bytes of a column name"), in.readString("bytes of a column name")));
    }
    BatchProfile profile = of(RecordSchema.of(fields), masked, pairs);
    profile.records = records;
    for (ColumnStats column : profile.stats) {
      column.load(in);
    }
    for (PairStats pair : profile.pairStats) {
      pair.load(in);
    }
    in.end();
    return profile;
  }
}
