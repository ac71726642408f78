package io.featurebeam.transforms.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records that cannot be used, each with the reason: what they look like, and how a step makes
 * them.
 *
 * <p>A batch of rejects has the columns of {@link #SCHEMA}. A record that could be parsed is kept
 * as JSON with its columns as read; one that could not is kept as raw bytes. Columns declared as
 * masked never appear in clear: their values are {@value #MASKED}, the observed value of a rule
 * over them too, and raw bytes, of which nobody knows what they hold, are withheld.
 *
 * <p>Floats that JSON has no number for are the strings "NaN", "Infinity" and "-Infinity"; bytes
 * are base64; times are ISO 8601 in UTC.
 */
public final class Rejects {

  /** What stands in the place of a masked value. */
  public static final String MASKED = "***";

  /** The rule id of a record that could not be parsed. */
  public static final String MALFORMED = "malformed";

  /** The columns of a reject. */
  public static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("step", FieldType.STRING),
          Field.required("rule", FieldType.STRING),
          Field.of("columns", FieldType.STRING),
          Field.of("observed", FieldType.STRING),
          Field.required("reason", FieldType.STRING),
          Field.of("source", FieldType.STRING),
          Field.of("position", FieldType.INT64),
          Field.of("event_time", FieldType.TIMESTAMP),
          Field.required("rejected_at", FieldType.TIMESTAMP),
          Field.of("record", FieldType.STRING),
          Field.of("raw", FieldType.BYTES));

  private static final JsonFactory JSON = new JsonFactory();

  private Rejects() {}

  /** Collects rejects of one step; not thread-safe. */
  public static final class Builder {
    private final String step;
    private final Set<String> masked;
    private final long rejectedAt;
    private final RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);

    /**
     * @param step the step's name, as in the plan
     * @param masked the columns that must not appear in clear
     * @param rejectedAt microseconds since 1970, the same for a whole run
     */
    public Builder(String step, Collection<String> masked, long rejectedAt) {
      this.step = step;
      this.masked = Set.copyOf(masked);
      this.rejectedAt = rejectedAt;
    }

    /** A record that was parsed and then failed a rule. */
    public void add(
        RecordBatch batch,
        int row,
        @Nullable String eventTimeColumn,
        String rule,
        List<String> ruleColumns,
        @Nullable String observed,
        String reason) {
      boolean hide = ruleColumns.stream().anyMatch(masked::contains);
      rows.add(
          step,
          rule,
          ruleColumns.isEmpty() ? null : String.join(", ", ruleColumns),
          hide ? MASKED : observed,
          hide ? "a masked value fails " + rule : reason,
          batch.positions().isKnown() ? batch.positions().source(row) : null,
          batch.positions().isKnown() ? batch.positions().place(row) : null,
          eventTimeColumn == null || masked.contains(eventTimeColumn)
              ? null
              : batch.longs(eventTimeColumn).value(row),
          rejectedAt,
          json(batch, row, masked),
          null);
    }

    /** Bytes that could not be parsed into a record. */
    public void addMalformed(String source, long position, byte[] raw, String reason) {
      addMalformed(
          source,
          position,
          raw,
          reason,
          "the record cannot be parsed (details withheld: masked columns)");
    }

    /**
     * The same, with what may be said of it where columns are masked.
     *
     * @param withoutValues the reason, in which no value of a masked column shows
     */
    public void addMalformed(
        String source, long position, byte[] raw, String reason, String withoutValues) {
      rows.add(
          step,
          MALFORMED,
          null,
          null,
          masked.isEmpty() ? reason : withoutValues,
          source,
          position,
          null,
          rejectedAt,
          null,
          masked.isEmpty() ? raw : null);
    }

    public int size() {
      return rows.size();
    }

    /** The rejects so far; the builder starts anew, empty. */
    public RecordBatch build() {
      return rows.build();
    }
  }

  /** One record as a JSON object, its columns in order. */
  public static String json(RecordBatch batch, int row, Set<String> masked) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (int c = 0; c < batch.schema().size(); c++) {
        Field field = batch.schema().field(c);
        json.writeFieldName(field.name());
        if (masked.contains(field.name())) {
          json.writeString(MASKED);
        } else {
          writeJson(json, field.type(), batch.column(c).value(row));
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** One value of a column as JSON. */
  public static void writeJson(JsonGenerator json, FieldType type, @Nullable Object value)
      throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    switch (type.kind()) {
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case INT64 -> json.writeNumber((Long) value);
      case FLOAT64 -> {
        double number = (Double) value;
        if (Double.isFinite(number)) {
          json.writeNumber(number);
        } else {
          json.writeString(Double.toString(number));
        }
      }
      case STRING -> json.writeString((String) value);
      case BYTES -> json.writeString(Base64.getEncoder().encodeToString((byte[]) value));
      case TIMESTAMP, DATE, TIME -> json.writeString(BatchPrinter.text(type, value));
      case LIST -> {
        json.writeStartArray();
        for (Object element : (List<?>) value) {
          writeJson(json, type.element(), element);
        }
        json.writeEndArray();
      }
    }
  }
}
