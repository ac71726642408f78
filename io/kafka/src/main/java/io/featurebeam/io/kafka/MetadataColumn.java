package io.featurebeam.io.kafka;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import java.io.Serializable;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column that is not from a message's value but from what is around it: {@code
 * MetadataColumn.parse("sent", "header(sent-at, timestamp)")}.
 *
 * @param column the column's name
 * @param from what it holds
 * @param header the name of the header, of {@link From#HEADER}; else empty
 * @param type of a header's text; else as {@link From} says
 */
public record MetadataColumn(String column, From from, String header, FieldType type)
    implements Serializable {

  private static final Pattern FORM =
      Pattern.compile("header\\( *([^,()]+?) *(?:, *([a-z0-9]+) *)?\\)");

  /** What is around a value. */
  public enum From {
    /** The key as text in UTF-8; null if the message has none. */
    KEY("key"),
    /** The key's bytes. */
    KEY_BYTES("keyBytes"),
    /** The last header of a name, as text in UTF-8 or what it spells; null if there is none. */
    HEADER("header"),
    /** The log's time: of the producer or of the broker, as the topic is set up. */
    TIMESTAMP("timestamp"),
    TOPIC("topic"),
    PARTITION("partition"),
    OFFSET("offset");

    private final String word;

    From(String word) {
      this.word = word;
    }

    private FieldType type() {
      return switch (this) {
        case KEY, HEADER, TOPIC -> FieldType.STRING;
        case KEY_BYTES -> FieldType.BYTES;
        case TIMESTAMP -> FieldType.TIMESTAMP;
        case PARTITION, OFFSET -> FieldType.INT64;
      };
    }
  }

  public MetadataColumn {
    Objects.requireNonNull(type, "type is null");
    if ((from == From.HEADER) == header.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid metadata of '" + column + "': a header has a name, and nothing else has one");
    }
    if (type.kind() == FieldType.Kind.LIST) {
      throw new IllegalArgumentException(
          "Invalid metadata of '" + column + "': " + type + " (a header is no list)");
    }
  }

  /** Anything but a header. */
  public static MetadataColumn of(String column, From from) {
    return new MetadataColumn(column, from, "", from.type());
  }

  /** A header whose text spells a value of {@code type}; times in ISO 8601. */
  public static MetadataColumn header(String column, String header, FieldType type) {
    return new MetadataColumn(column, From.HEADER, header, type);
  }

  /** The column that {@link #toString} prints. */
  public static MetadataColumn parse(String column, String text) {
    for (From from : From.values()) {
      if (from != From.HEADER && from.word.equals(text)) {
        return of(column, from);
      }
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "Invalid metadata: '"
              + text
              + "' (must be key, keyBytes, timestamp, topic, partition, offset, header(NAME) or"
              + " header(NAME, TYPE))");
    }
    return header(
        column,
        form.group(1),
        form.group(2) == null ? FieldType.STRING : FieldType.parse(form.group(2)));
  }

  Field field() {
    boolean always =
        from == From.TIMESTAMP
            || from == From.TOPIC
            || from == From.PARTITION
            || from == From.OFFSET;
    return new Field(column, type, !always);
  }

  /** What it holds, as YAML writes it. */
  @Override
  public String toString() {
    if (from != From.HEADER) {
      return from.word;
    }
    return "header(" + header + (type.equals(FieldType.STRING) ? "" : ", " + type) + ")";
  }
}
