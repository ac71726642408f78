package io.featurebeam.columnar;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The names and types of a batch's columns, in order.
 *
 * <pre>{@code
 * RecordSchema schema = RecordSchema.of(
 *     Field.required("date", FieldType.TIMESTAMP),
 *     Field.of("delay", FieldType.FLOAT64));
 * int delay = schema.indexOf("delay"); // 1; an unknown name is an error that suggests the nearest
 * }</pre>
 */
public final class RecordSchema implements Serializable {

  private static final long serialVersionUID = 1L;

  private final List<Field> fields;
  private final transient Map<String, Integer> indexes;

  private RecordSchema(List<Field> fields) {
    this.fields = fields;
    this.indexes = new HashMap<>(fields.size() * 2);
    for (int i = 0; i < fields.size(); i++) {
      if (indexes.put(fields.get(i).name(), i) != null) {
        throw new IllegalArgumentException(
            "Duplicate column name: '" + fields.get(i).name() + "' (names must be unique)");
      }
    }
  }

  public static RecordSchema of(Field... fields) {
    return new RecordSchema(List.of(fields));
  }

  public static RecordSchema of(List<Field> fields) {
    return new RecordSchema(List.copyOf(fields));
  }

  public List<Field> fields() {
    return fields;
  }

  public Field field(int index) {
    return fields.get(index);
  }

  public Field field(String name) {
    return fields.get(indexOf(name));
  }

  public int size() {
    return fields.size();
  }

  public boolean contains(String name) {
    return indexes.containsKey(name);
  }

  public List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  /** The index of a column; an unknown name throws and suggests the nearest known one. */
  public int indexOf(String name) {
    Integer index = indexes.get(Objects.requireNonNull(name, "name is null"));
    if (index == null) {
      throw new IllegalArgumentException(
          "Unknown column: '" + name + "'" + Spelling.hint(name, names()));
    }
    return index;
  }

  /** The named columns in the given order. */
  public RecordSchema project(Collection<String> names) {
    return of(names.stream().map(this::field).toList());
  }

  /** This schema with {@code added} behind it; a name that exists is replaced in its place. */
  public RecordSchema with(Field... added) {
    List<Field> all = new ArrayList<>(fields);
    for (Field field : added) {
      Integer index = indexes.get(field.name());
      if (index == null) {
        all.add(field);
      } else {
        all.set(index, field);
      }
    }
    return of(all);
  }

  private Object readResolve() {
    return new RecordSchema(fields);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof RecordSchema s && fields.equals(s.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return "(" + String.join(", ", fields.stream().map(Field::toString).toList()) + ")";
  }
}
