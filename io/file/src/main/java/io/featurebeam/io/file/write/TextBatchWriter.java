package io.featurebeam.io.file.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.Rejects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes records as lines of text; see {@link TextFormat} for how values look. */
final class TextBatchWriter implements BatchFileWriter {

  private static final int BUFFER = 1 << 16;
  private static final JsonFactory JSON = new JsonFactory();

  private final TextFormat.Kind kind;
  private final CountingOutput file;
  private final OutputStream out;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream(BUFFER);

  TextBatchWriter(TextFormat format, RecordSchema schema, OutputStream out) throws IOException {
    this.kind = format.kind();
    this.file = new CountingOutput(out);
    this.out = format.compressed(file);
    if (kind == TextFormat.Kind.CSV) {
      line(
          schema.names().stream().map(TextBatchWriter::quoted).collect(Collectors.joining(",")),
          "\r\n");
    }
  }

  @Override
  public void write(RecordBatch batch) throws IOException {
    for (int row = 0; row < batch.size(); row++) {
      if (kind == TextFormat.Kind.CSV) {
        line(csv(batch, row), "\r\n");
      } else {
        line(Rejects.json(batch, row, Set.of()), "\n");
      }
    }
  }

  private void line(String text, String end) throws IOException {
    pending.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    pending.writeBytes(end.getBytes(StandardCharsets.UTF_8));
    if (pending.size() >= BUFFER) {
      drain();
    }
  }

  private void drain() throws IOException {
    pending.writeTo(out);
    pending.reset();
  }

  private static String csv(RecordBatch batch, int row) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < batch.schema().size(); c++) {
      if (c > 0) {
        text.append(',');
      }
      Column column = batch.column(c);
      if (!column.isNull(row)) {
        text.append(cell(column.type(), column.value(row)));
      }
    }
    return text.toString();
  }

  private static String cell(FieldType type, Object value) throws IOException {
    return switch (type.kind()) {
      case BOOLEAN, INT64, FLOAT64 -> value.toString();
      case TIMESTAMP, DATE, TIME -> BatchPrinter.text(type, value);
      case BYTES -> quoted(Base64.getEncoder().encodeToString((byte[]) value));
      case STRING -> quoted((String) value);
      case LIST -> quoted(array(type.element(), (List<?>) value));
    };
  }

  private static String array(FieldType element, List<?> values) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (Object value : values) {
        Rejects.writeJson(json, element, value);
      }
      json.writeEndArray();
    }
    return text.toString();
  }

  /** In quotes if it must be, or if a reader might take its spaces for none. */
  private static String quoted(String text) {
    boolean plain =
        text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            && text.equals(text.strip())
            && !text.isEmpty();
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public long memoryBytes() {
    return 2L * BUFFER;
  }

  @Override
  public long fileBytes() {
    return file.bytes() + pending.size();
  }

  @Override
  public void flush() throws IOException {
    drain();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    try (out) {
      drain();
    }
  }

  @Override
  public void abandon() throws IOException {
    try (file) {
      out.close(); // a compressor holds native memory until then
    }
  }
}
