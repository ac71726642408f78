package io.featurebeam.transforms.records;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import org.jspecify.annotations.Nullable;

/**
 * What a step did in one bundle, as a batch that travels with the records: it is committed with
 * them, so, unlike a runner's counters, a retried bundle counts once.
 *
 * <p>A fact is a step, a name, and a number or bytes. Numbers of one step and name add up; what
 * bytes mean and how they merge, those who put them in know.
 */
public final class Facts {

  /** Records that a step took in. */
  public static final String RECORDS_IN = "records_in";

  /** Records that a step gave on. */
  public static final String RECORDS_OUT = "records_out";

  /** Records that a step rejected. */
  public static final String REJECTED = "rejected";

  /** Records that came too late for a step to use, which are rejects too. */
  public static final String LATE = "late";

  /** Nanoseconds that a step's own computing took. */
  public static final String NANOS = "nanos";

  /** The columns of facts. */
  public static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("step", FieldType.STRING),
          Field.required("fact", FieldType.STRING),
          Field.required("value", FieldType.INT64),
          Field.of("bytes", FieldType.BYTES));

  private Facts() {}

  /** Collects facts; not thread-safe. */
  public static final class Builder {
    private final RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);

    /** A number; 0 is left out. */
    public Builder add(String step, String fact, long value) {
      if (value != 0) {
        rows.add(step, fact, value, null);
      }
      return this;
    }

    public Builder add(String step, String fact, byte[] bytes) {
      rows.add(step, fact, 0L, bytes);
      return this;
    }

    public boolean isEmpty() {
      return rows.size() == 0;
    }

    public RecordBatch build() {
      return rows.build();
    }
  }

  /** Takes the facts of a batch one by one. */
  @FunctionalInterface
  public interface Reader {
    /** One fact; {@code bytes} is null if it is a number. */
    void fact(String step, String fact, long value, byte @Nullable [] bytes);
  }

  /** Hands the facts of a batch of {@link #SCHEMA} to a reader. */
  public static void read(RecordBatch facts, Reader reader) {
    for (int row = 0; row < facts.size(); row++) {
      reader.fact(
          facts.bytes("step").string(row),
          facts.bytes("fact").string(row),
          facts.longs("value").get(row),
          (byte[]) facts.value(row, "bytes"));
    }
  }
}
