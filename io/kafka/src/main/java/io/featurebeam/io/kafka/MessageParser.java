package io.featurebeam.io.kafka;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.Columns;
import io.featurebeam.io.file.text.RecordParser;
import io.featurebeam.io.file.text.Text;
import io.featurebeam.io.file.text.ValueParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Turns one message into a value of each wanted column. Not thread-safe. */
final class MessageParser {

  private static final byte[] NONE = {};

  private final ReadSettings settings;
  private final RecordSchema schema;
  private final RecordParser value;
  private final Columns out;
  private final int[] ofValue;
  private final MetadataColumn[] around;
  private final int[] ofAround;
  private final ValueParser[] headers;
  private String lastTopic = "";
  private byte[] lastTopicBytes = NONE;

  /** Of the settings' columns, each a column of {@code out} of the same index. */
  MessageParser(ReadSettings settings, Columns out) {
    this.settings = settings;
    this.schema = settings.schema();
    this.out = out;
    RecordSchema ofFormat = settings.format().schema();
    List<Field> valueFields = new ArrayList<>();
    List<MetadataColumn> metadata = new ArrayList<>();
    for (Field field : schema.fields()) {
      if (ofFormat.contains(field.name())) {
        valueFields.add(field);
      } else {
        settings.metadata().stream()
            .filter(m -> m.column().equals(field.name()))
            .forEach(metadata::add);
      }
    }
    this.ofValue = valueFields.stream().mapToInt(f -> schema.indexOf(f.name())).toArray();
    this.around = metadata.toArray(MetadataColumn[]::new);
    this.ofAround = metadata.stream().mapToInt(m -> schema.indexOf(m.column())).toArray();
    this.headers = new ValueParser[around.length];
    for (int i = 0; i < around.length; i++) {
      headers[i] = ValueParser.of(around[i].column(), around[i].type(), null);
    }
    this.value =
        settings
            .format()
            .parser(
                RecordSchema.of(valueFields),
                index -> out.column(ofValue[index]),
                Math.max(16, settings.maxMessageBytes()));
  }

  /** Appends to each column; null, or what is wrong with the message. */
  @Nullable String parse(
      String topic,
      int partition,
      long offset,
      long timestamp,
      @Nullable Headers messageHeaders,
      byte @Nullable [] key,
      byte @Nullable [] bytes)
      throws IOException {
    String problem = bytes == null ? nulls() : value(bytes);
    for (int i = 0; problem == null && i < around.length; i++) {
      problem =
          append(
              i, out.column(ofAround[i]), topic, partition, offset, timestamp, messageHeaders, key);
    }
    return problem;
  }

  private @Nullable String value(byte[] bytes) throws IOException {
    if (bytes.length > settings.maxMessageBytes()) {
      return "the message is longer than " + settings.maxMessageBytes() + " bytes";
    }
    if (bytes.length == 0 && !settings.format().takesEmpty()) {
      return "the message is empty";
    }
    return value.parse(bytes, 0, bytes.length);
  }

  private @Nullable String nulls() {
    if (settings.tombstones() != Tombstones.NULLS) {
      return MessageBatcher.TOMBSTONE;
    }
    for (int column : ofValue) {
      if (!schema.field(column).nullable()) {
        return "column '" + schema.field(column).name() + "' is null (must not be)";
      }
      out.column(column).appendNull();
    }
    return null;
  }

  private @Nullable String append(
      int i,
      ColumnBuilder column,
      String topic,
      int partition,
      long offset,
      long timestamp,
      @Nullable Headers messageHeaders,
      byte @Nullable [] key) {
    switch (around[i].from()) {
      case TIMESTAMP -> column.appendLong(timestamp * 1000);
      case PARTITION -> column.appendLong(partition);
      case OFFSET -> column.appendLong(offset);
      case TOPIC -> {
        if (!topic.equals(lastTopic)) {
          lastTopic = topic;
          lastTopicBytes = topic.getBytes(StandardCharsets.UTF_8);
        }
        column.appendBytes(lastTopicBytes, 0, lastTopicBytes.length);
      }
      case KEY, KEY_BYTES -> {
        if (key == null) {
          column.appendNull();
          return null;
        }
        String problem =
            around[i].from() == MetadataColumn.From.KEY ? Text.notUtf8(key, 0, key.length) : null;
        if (problem != null) {
          return about(i, problem);
        }
        column.appendBytes(key, 0, key.length);
      }
      case HEADER -> {
        Header header =
            messageHeaders == null ? null : messageHeaders.lastHeader(around[i].header());
        if (header == null || header.value() == null) {
          column.appendNull();
          return null;
        }
        String problem = headers[i].parse(header.value(), 0, header.value().length, column);
        return problem == null ? null : about(i, problem);
      }
    }
    return null;
  }

  private String about(int i, String problem) {
    return "column '" + around[i].column() + "': " + problem;
  }
}
