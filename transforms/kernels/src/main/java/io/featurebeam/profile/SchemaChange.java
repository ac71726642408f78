package io.featurebeam.profile;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * How one column of a schema differs from what it was, and whether readers of the old schema can
 * read records of the new one.
 *
 * <pre>{@code
 * for (SchemaChange change : SchemaChange.between(yesterday, today)) {
 *   System.out.println(change); // breaking: amount was float64 and is string
 * }
 * }</pre>
 *
 * @param breaking whether a reader of the old schema may fail
 * @param words what it was and what it is
 */
public record SchemaChange(String column, Kind kind, boolean breaking, String words) {

  /** What happened to a column. */
  public enum Kind {
    /** There was none of that name: readers do not look at it. */
    ADDED,
    /** Gone: breaking. */
    REMOVED,
    /** Of another type: breaking, but from int64 to float64. */
    TYPE,
    /** May be null and could not, which is breaking, or the other way round. */
    NULLABLE
  }

  /** All changes, breaking ones first, else in the order of the schemas. Order itself is none. */
  public static List<SchemaChange> between(RecordSchema before, RecordSchema after) {
    List<SchemaChange> changes = new ArrayList<>();
    for (Field old : before.fields()) {
      if (after.contains(old.name())) {
        compare(old, after.field(old.name()), changes);
      } else {
        changes.add(removed(old, before, after));
      }
    }
    for (Field field : after.fields()) {
      if (!before.contains(field.name())) {
        changes.add(
            new SchemaChange(
                field.name(),
                Kind.ADDED,
                false,
                field.name() + " is new (" + described(field) + ")"));
      }
    }
    changes.sort((a, b) -> Boolean.compare(b.breaking, a.breaking));
    return List.copyOf(changes);
  }

  private static SchemaChange removed(Field old, RecordSchema before, RecordSchema after) {
    List<String> added =
        after.names().stream()
            .filter(name -> !before.contains(name))
            .filter(name -> after.field(name).type().equals(old.type()))
            .toList();
    return new SchemaChange(
        old.name(),
        Kind.REMOVED,
        true,
        old.name()
            + " ("
            + described(old)
            + ") is gone"
            + (added.isEmpty() ? "" : "; new of that type: " + String.join(", ", added)));
  }

  private static void compare(Field old, Field now, List<SchemaChange> changes) {
    if (!old.type().equals(now.type())) {
      boolean widened = old.type().equals(FieldType.INT64) && now.type().equals(FieldType.FLOAT64);
      changes.add(
          new SchemaChange(
              old.name(),
              Kind.TYPE,
              !widened,
              old.name() + " was " + old.type() + " and is " + now.type()));
    }
    if (old.nullable() != now.nullable()) {
      changes.add(
          new SchemaChange(
              old.name(),
              Kind.NULLABLE,
              now.nullable(),
              old.name()
                  + (now.nullable() ? " was never null and may be" : " may no longer be null")));
    }
  }

  private static String described(Field field) {
    return field.type() + (field.nullable() ? "" : ", never null");
  }

  /** {@code breaking: WORDS} or {@code compatible: WORDS}. */
  @Override
  public String toString() {
    return (breaking ? "breaking: " : "compatible: ") + words;
  }
}
