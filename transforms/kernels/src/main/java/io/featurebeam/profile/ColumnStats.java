package io.featurebeam.profile;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.profile.ColumnProfile.Detail;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is gathered of one column; a subclass per storage. Not thread-safe. */
abstract class ColumnStats {

  private long records;
  private long nulls;

  static ColumnStats of(Field field, boolean masked) {
    if (masked) {
      return new HiddenStats();
    }
    return switch (field.type().storage()) {
      case LONG -> new LongStats(field.type());
      case DOUBLE -> new DoubleStats();
      case BOOLEAN -> new FlagStats();
      case BYTES -> new TextStats(field.type());
      case LIST -> new ListStats();
    };
  }

  final void add(Column column, int @Nullable [] sample) {
    records += column.size();
    nulls += column.nullCount();
    accumulate(column, sample);
  }

  final ColumnProfile profile(Field field) {
    boolean masked = this instanceof HiddenStats;
    return new ColumnProfile(field.name(), field.type(), masked, records, nulls, detail());
  }

  final Distribution spread(Field field) {
    return new Distribution(field.name(), field.type(), records, nulls, distribution());
  }

  /** How many records had a value. */
  final long values() {
    return records - nulls;
  }

  /** How the values are spread; nothing is known of a list or a masked column. */
  Distribution.Values distribution() {
    return new Distribution.Unknown(this instanceof HiddenStats);
  }

  /**
   * Adds the values of a column.
   *
   * @param sample the rows that quantiles and frequent values look at, null for all
   */
  abstract void accumulate(Column column, int @Nullable [] sample);

  /** Adds what {@code other}, which is of the same class and stays as it is, has gathered. */
  void merge(ColumnStats other) {
    records += other.records;
    nulls += other.nulls;
  }

  abstract Detail detail();

  void save(DataOutput out) throws IOException {
    out.writeLong(records);
    out.writeLong(nulls);
  }

  void load(ProfileReader in) {
    records = in.count("records");
    nulls = in.count("nulls");
    if (nulls > records) {
      throw in.corrupt(nulls + " nulls in " + records + " records");
    }
  }
}
