package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a time in UTC as numbers. Null gives null in every part.
 *
 * <p>Input timestamp or date (a date has no hour, minute or second), outputs int64, in the
 * proleptic Gregorian calendar, also before 1970. Several parts make columns {@code name_year},
 * {@code name_hour}; a single one is named as the feature.
 *
 * @param column the column it reads
 * @param parts which, each once
 */
public record DateParts(String column, List<Part> parts) implements Feature {

  /** A part of a time. */
  public enum Part {
    YEAR,
    /** 1 to 4. */
    QUARTER,
    /** 1 to 12. */
    MONTH,
    /** The ISO 8601 week, 1 to 53: the first is the one that holds the year's first Thursday. */
    WEEK,
    /** Of the month, 1 to 31. */
    DAY,
    /** ISO 8601: Monday 1 to Sunday 7. */
    DAY_OF_WEEK,
    /** 1 to 366. */
    DAY_OF_YEAR,
    /** 0 to 23. */
    HOUR,
    /** 0 to 59. */
    MINUTE,
    /** 0 to 59. */
    SECOND;

    boolean ofDay() {
      return this == HOUR || this == MINUTE || this == SECOND;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DateParts {
    Objects.requireNonNull(column, "column is null");
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("Invalid parts: [] (must be at least one)");
    }
    if (parts.stream().distinct().count() < parts.size()) {
      throw new IllegalArgumentException("Invalid parts: " + parts + " (each must be given once)");
    }
  }

  @Override
  public String id() {
    return "date_parts(" + column + ", " + parts + ")";
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public List<Field> outputs(String name, RecordSchema schema, @Nullable JsonNode state) {
    Field field = schema.field(column);
    FieldType.Kind kind = field.type().kind();
    if (kind != FieldType.Kind.TIMESTAMP && kind != FieldType.Kind.DATE) {
      throw new IllegalArgumentException(
          "Column '" + column + "' is " + field.type() + " (must be timestamp or date)");
    }
    List<Field> fields = new ArrayList<>(parts.size());
    for (Part part : parts) {
      if (kind == FieldType.Kind.DATE && part.ofDay()) {
        throw new IllegalArgumentException(
            "Column '" + column + "' is a date and has no " + part + " (must be timestamp)");
      }
      fields.add(
          new Field(
              parts.size() == 1 ? name : name + "_" + part, FieldType.INT64, field.nullable()));
    }
    return fields;
  }

  @Override
  public Mapping bind(RecordSchema schema, @Nullable JsonNode state) {
    int index = schema.indexOf(column);
    boolean date = schema.field(index).type().kind() == FieldType.Kind.DATE;
    return batch -> {
      LongColumn times = (LongColumn) batch.column(index);
      CalendarLoop loop = new CalendarLoop(times.values(), batch.size(), date);
      List<Column> columns = new ArrayList<>(parts.size());
      for (Part part : parts) {
        columns.add(
            new LongColumn(FieldType.INT64, loop.part(part), batch.size(), times.validity()));
      }
      return columns;
    };
  }

  /** {@code date_parts} in YAML. */
  public static final class Provider implements FeatureProvider {

    @Override
    public String name() {
      return "date_parts";
    }

    @Override
    public String description() {
      return "Parts of a time in UTC: year, month, day_of_week, hour and so on.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The timestamp or date column."),
          Parameter.required(
              "parts",
              Parameter.Kind.STRINGS,
              "Which: year, quarter, month, week (ISO 8601), day, day_of_week (Monday 1 to Sunday"
                  + " 7), day_of_year, hour, minute, second."));
    }

    @Override
    public Feature create(Settings settings) {
      List<String> known = Arrays.stream(Part.values()).map(Part::toString).toList();
      List<Part> parts = new ArrayList<>();
      for (String name : settings.strings("parts")) {
        if (!known.contains(name)) {
          throw new IllegalArgumentException(
              "Unknown part: '" + name + "'" + Spelling.hint(name, known));
        }
        parts.add(Part.valueOf(name.toUpperCase(Locale.ROOT)));
      }
      return new DateParts(settings.string("column"), parts);
    }
  }
}
