package io.featurebeam.io.lookup;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest row of a key, to be written to a store. */
public final class LatestRow {

  private final FeatureGroup group;
  private final String key;
  private final RowVersion version;

  /** The features alone, in the group's order. */
  private RecordBatch features;

  private int row;

  LatestRow(FeatureGroup group, String key, RowVersion version, RecordBatch features, int row) {
    this.group = group;
    this.key = key;
    this.version = version;
    this.features = features;
    this.row = row;
  }

  void move(RecordBatch toFeatures, int toRow) {
    features = toFeatures;
    row = toRow;
  }

  RecordBatch features() {
    return features;
  }

  /** Where in {@link #columns} this row is. */
  public int row() {
    return row;
  }

  public FeatureGroup group() {
    return group;
  }

  /**
   * The values of the key as one text, joined by {@code :}, in each of them {@code %} written
   * {@code %25} and {@code :} written {@code %3A}.
   */
  public String key() {
    return key;
  }

  /** The values of the key, as {@link Column#value} gives them. */
  public List<Object> keyValues() {
    return KeyText.parse(group.keys(), key);
  }

  public RowVersion version() {
    return version;
  }

  /** Microseconds since 1970; what ages are counted from. */
  public long eventTime() {
    return version.eventTime();
  }

  /** The first moment, in microseconds since 1970, when the row is expired; the last if never. */
  public long expiresAt() {
    long ttl = group.ttlMicros();
    long at = eventTime() + ttl;
    return ttl == 0 || at < eventTime() ? Long.MAX_VALUE : at;
  }

  /** A feature, as {@link Column#value} gives it. */
  public @Nullable Object value(String feature) {
    return features.value(row, feature);
  }

  /** All features, in the group's order. */
  public List<Column> columns() {
    return features.columns();
  }

  /** The features in binary form; the group's fields decode them. */
  public byte[] encoded() {
    RowCodec.Writer out = new RowCodec.Writer();
    out.row(features.columns(), row);
    return out.copy();
  }
}
