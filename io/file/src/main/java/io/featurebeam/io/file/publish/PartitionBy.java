package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which columns, or stretches of time of a column, files are parted into folders.
 *
 * <pre>{@code
 * PartitionBy.parse("country", "day(date)")  // OUT/country=NZ/date_day=2001-01-31/
 * }</pre>
 *
 * <p>A column (string, int64, boolean or date) gives folders {@code column=value}; {@code hour},
 * {@code day}, {@code month} or {@code year} of a timestamp or date column gives {@code
 * column_unit=value} in UTC, as {@link TimeUnit} writes it. Null gives {@value #NULL_VALUE}, as
 * does the empty string, for which other readers have no folder either. Columns stay in the files
 * too, so nothing need be read from folder names.
 *
 * @param parts from the outermost folder inwards
 */
public record PartitionBy(List<Part> parts) implements Serializable {

  /** The folder value of null. */
  public static final String NULL_VALUE = "__HIVE_DEFAULT_PARTITION__";

  private static final long serialVersionUID = 1L;
  private static final Pattern UNIT = Pattern.compile("([A-Za-z]+)\\((.+)\\)");

  /**
   * One level of folders.
   *
   * @param column the column's name
   * @param unit the stretch of time; null to part by the value itself
   */
  public record Part(String column, @Nullable TimeUnit unit) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The name in folders and manifests: {@code date_day}. */
    public String name() {
      return unit == null ? column : column + "_" + unit.label();
    }

    /** How it is declared: {@code day(date)}. */
    @Override
    public String toString() {
      return unit == null ? column : unit.label() + "(" + column + ")";
    }
  }

  public PartitionBy {
    parts = List.copyOf(parts);
    if (parts.stream().map(Part::name).distinct().count() < parts.size()) {
      throw new IllegalArgumentException(
          "Invalid partitionBy: " + parts + " (a folder name repeats)");
    }
  }

  public static PartitionBy none() {
    return new PartitionBy(List.of());
  }

  /** Column names and units over them: {@code country}, {@code day(date)}. */
  public static PartitionBy parse(String... declarations) {
    List<Part> parts = new ArrayList<>();
    for (String declaration : declarations) {
      Matcher unit = UNIT.matcher(declaration);
      parts.add(
          unit.matches()
              ? new Part(unit.group(2).strip(), TimeUnit.parse(unit.group(1)))
              : new Part(declaration, null));
    }
    return new PartitionBy(parts);
  }

  /** Refuses columns that are unknown or cannot part files, with the way out. */
  public void check(RecordSchema schema) {
    for (Part part : parts) {
      FieldType type = schema.field(part.column()).type();
      boolean fits =
          switch (type.kind()) {
            case TIMESTAMP -> part.unit() != null;
            case DATE -> part.unit() != TimeUnit.HOUR;
            case STRING, INT64, BOOLEAN -> part.unit() == null;
            case FLOAT64, BYTES, TIME, LIST -> false;
          };
      if (!fits) {
        throw new IllegalArgumentException(
            "Invalid partitionBy: "
                + part
                + " ("
                + part.column()
                + " is "
                + type
                + "; must be a string, int64, boolean or date column, or hour, day, month or year of"
                + " a timestamp column as in day("
                + part.column()
                + "))");
      }
    }
  }

  /** The finest stretch of time over {@code column}, by which a range of it can be replaced. */
  public Optional<Part> finest(String column) {
    return parts.stream()
        .filter(p -> p.column().equals(column) && p.unit() != null)
        .min(Comparator.comparing(p -> Objects.requireNonNull(p.unit()))); // hour comes first
  }

  /** As declared: {@code [country, day(date)]}. */
  public List<String> declarations() {
    return parts.stream().map(Part::toString).toList();
  }

  /** The inverse of {@link #declarations()}. */
  static PartitionBy ofDeclarations(List<String> declarations) {
    return parse(declarations.toArray(String[]::new));
  }

  /**
   * The folder of these values, one per part: {@code country=NZ/date_day=2001-01-31/}, or empty.
   */
  public String folder(List<@Nullable String> values) {
    if (values.size() != parts.size()) {
      throw new IllegalArgumentException(values.size() + " values for partitions " + parts);
    }
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      path.append(FolderName.of(parts.get(i).name(), values.get(i))).append('/');
    }
    return path.toString();
  }

  @Override
  public String toString() {
    return String.join(", ", declarations());
  }
}
