package io.featurebeam.io.kafka;

import com.fasterxml.jackson.core.JsonGenerator;
import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.Rejects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Makes the values of messages out of the rows of batches of one schema. Not thread-safe. */
abstract class RowEncoder {

  static RowEncoder of(RowFormat format, RecordSchema schema) throws IOException {
    return switch (format) {
      case JSON -> new JsonEncoder(schema);
      case CSV -> new Csv();
      case AVRO -> new Avro();
    };
  }

  abstract byte[] encode(RecordBatch batch, int row) throws IOException;

  private static byte[] taken(ByteArrayOutputStream bytes) {
    byte[] taken = bytes.toByteArray();
    bytes.reset();
    return taken;
  }

  private static final class Csv extends RowEncoder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    @Override
    byte[] encode(RecordBatch batch, int row) throws IOException {
      for (int c = 0; c < batch.schema().size(); c++) {
        if (c > 0) {
          bytes.write(',');
        }
        Column column = batch.column(c);
        if (!column.isNull(row)) {
          bytes.writeBytes(cell(column.type(), column.value(row)).getBytes(StandardCharsets.UTF_8));
        }
      }
      return taken(bytes);
    }

    private static String cell(FieldType type, Object value) throws IOException {
      return switch (type.kind()) {
        case BOOLEAN, INT64, FLOAT64 -> value.toString();
        case TIMESTAMP, DATE, TIME -> BatchPrinter.text(type, value);
        case BYTES -> Base64.getEncoder().encodeToString((byte[]) value);
        case STRING -> quoted((String) value);
        case LIST -> {
          ByteArrayOutputStream array = new ByteArrayOutputStream();
          try (JsonGenerator json = JsonEncoder.FACTORY.createGenerator(array)) {
            Rejects.writeJson(json, type, value);
          }
          yield quoted(array.toString(StandardCharsets.UTF_8));
        }
      };
    }

    private static String quoted(String text) {
      boolean plain =
          !text.isEmpty()
              && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
              && text.equals(text.strip());
      return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
  }

  private static final class Avro extends RowEncoder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);

    @Override
    byte[] encode(RecordBatch batch, int row) throws IOException {
      for (int c = 0; c < batch.schema().size(); c++) {
        Column column = batch.column(c);
        if (batch.schema().field(c).nullable()) {
          encoder.writeIndex(column.isNull(row) ? 0 : 1);
        }
        if (!column.isNull(row)) {
          write(column, row);
        }
      }
      encoder.flush();
      return taken(bytes);
    }

    private void write(Column column, int row) throws IOException {
      switch (column.type().kind()) {
        case BOOLEAN -> encoder.writeBoolean(((BooleanColumn) column).get(row));
        case INT64, TIMESTAMP, TIME -> encoder.writeLong(((LongColumn) column).get(row));
        case DATE -> encoder.writeInt(Math.toIntExact(((LongColumn) column).get(row)));
        case FLOAT64 -> encoder.writeDouble(((DoubleColumn) column).get(row));
        case STRING, BYTES -> {
          byte[] value = ((BytesColumn) column).bytes(row);
          encoder.writeBytes(value, 0, value.length); // a string is written likewise
        }
        case LIST -> writeList(column.type().element(), (List<?>) column.value(row));
      }
    }

    private void writeList(FieldType element, List<?> values) throws IOException {
      encoder.writeArrayStart();
      encoder.setItemCount(values.size());
      for (Object value : values) {
        encoder.startItem();
        encoder.writeIndex(value == null ? 0 : 1);
        if (value != null) {
          writeBoxed(element, value);
        }
      }
      encoder.writeArrayEnd();
    }

    private void writeBoxed(FieldType type, Object value) throws IOException {
      switch (type.kind()) {
        case BOOLEAN -> encoder.writeBoolean((Boolean) value);
        case INT64, TIMESTAMP, TIME -> encoder.writeLong((Long) value);
        case DATE -> encoder.writeInt(Math.toIntExact((Long) value));
        case FLOAT64 -> encoder.writeDouble((Double) value);
        case STRING -> encoder.writeString((String) value);
        case BYTES -> encoder.writeBytes((byte[]) value);
        case LIST -> throw new AssertionError("Lists do not nest");
      }
    }
  }

  /** The Avro schema of rows: {@link RowFormat#AVRO}. */
  static Schema avroSchema(RecordSchema schema) {
    return Schema.createRecord(
        "Row",
        null,
        "io.featurebeam",
        false,
        schema.fields().stream().map(RowEncoder::avroField).toList());
  }

  private static Schema.Field avroField(Field field) {
    if (!field.name().matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "Invalid column of Avro: '"
              + field.name()
              + "' (must be letters, digits and _, not beginning with a digit)");
    }
    Schema type = avroType(field.type());
    return new Schema.Field(
        field.name(), field.nullable() ? nullable(type) : type, null, (Object) null);
  }

  private static Schema nullable(Schema type) {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), type);
  }

  private static Schema avroType(FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case INT64 -> Schema.create(Schema.Type.LONG);
      case FLOAT64 -> Schema.create(Schema.Type.DOUBLE);
      case STRING -> Schema.create(Schema.Type.STRING);
      case BYTES -> Schema.create(Schema.Type.BYTES);
      case TIMESTAMP -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case TIME -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case LIST -> Schema.createArray(nullable(avroType(type.element())));
    };
  }

  /**
   * The key of a row: the text of its one key column (bytes as they are), a JSON array of several;
   * null if there are no key columns or the only one is null.
   */
  static byte @Nullable [] key(RecordBatch batch, int row, int[] keys) throws IOException {
    if (keys.length == 0) {
      return null;
    }
    if (keys.length > 1) {
      ByteArrayOutputStream array = new ByteArrayOutputStream();
      try (JsonGenerator json = JsonEncoder.FACTORY.createGenerator(array)) {
        json.writeStartArray();
        for (int key : keys) {
          Column column = batch.column(key);
          Rejects.writeJson(json, column.type(), column.value(row));
        }
        json.writeEndArray();
      }
      return array.toByteArray();
    }
    Column column = batch.column(keys[0]);
    if (column.isNull(row)) {
      return null;
    }
    if (column instanceof BytesColumn text) {
      return text.bytes(row);
    }
    return BatchPrinter.text(column.type(), column.value(row)).getBytes(StandardCharsets.UTF_8);
  }
}
