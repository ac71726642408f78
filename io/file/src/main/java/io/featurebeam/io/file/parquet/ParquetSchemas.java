package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/**
 * How Parquet types become column types.
 *
 * <table>
 * <caption>Types</caption>
 * <tr><td>boolean</td><td>boolean</td></tr>
 * <tr><td>int32, int64, int8 to uint32</td><td>int64</td></tr>
 * <tr><td>uint64</td><td>int64; a value of 2^63 or more is an error when it is read</td></tr>
 * <tr><td>float, double, float16</td><td>float64</td></tr>
 * <tr><td>decimal of up to 15 digits</td><td>float64, the nearest</td></tr>
 * <tr><td>decimal of more digits</td><td>string, exact and plain: {@code -12.50}</td></tr>
 * <tr><td>date</td><td>date</td></tr>
 * <tr><td>time of any unit</td><td>time, nanoseconds rounded down</td></tr>
 * <tr><td>timestamp of any unit, int96</td><td>timestamp, nanoseconds rounded down</td></tr>
 * <tr><td>string, enum, json</td><td>string; a record in which it is not UTF-8 is malformed</td></tr>
 * <tr><td>uuid</td><td>string, 36 lower-case characters</td></tr>
 * <tr><td>bson, other binary and fixed</td><td>bytes</td></tr>
 * <tr><td>list of one of these (three levels, or two as old writers do)</td><td>list</td></tr>
 * <tr><td>struct</td><td>a column per field, named with dots: {@code device.screen.width}</td></tr>
 * </table>
 *
 * <p>A null struct makes its fields null. A timestamp that is not adjusted to UTC is read as if it
 * were in UTC. Maps, lists of structs and lists of lists have no column type: such a field is left
 * out, and asking for it by name is an error that says why.
 */
public final class ParquetSchemas {

  private final Map<String, Leaf> leaves = new LinkedHashMap<>();
  private final Map<String, String> refused = new LinkedHashMap<>();

  private ParquetSchemas() {}

  /** Every column that can be read, in the order of the file. */
  public static RecordSchema schemaOf(MessageType schema) {
    return schemaOf(of(schema).leaves());
  }

  static RecordSchema schemaOf(List<Leaf> leaves) {
    return RecordSchema.of(leaves.stream().map(Leaf::field).toList());
  }

  static ParquetSchemas of(MessageType schema) {
    Objects.requireNonNull(schema, "schema is null");
    ParquetSchemas result = new ParquetSchemas();
    for (Type field : schema.getFields()) {
      result.visit(field, "", List.of(), 0);
    }
    return result;
  }

  List<Leaf> leaves() {
    return List.copyOf(leaves.values());
  }

  /** The named columns; none means all. */
  List<Leaf> leaves(String file, Collection<String> columns) {
    return columns.isEmpty() ? leaves() : columns.stream().map(c -> leaf(file, c)).toList();
  }

  @Nullable Leaf find(String column) {
    return leaves.get(column);
  }

  /** The column of this name; unknown or unreadable is an error that names {@code file}. */
  Leaf leaf(String file, String column) {
    Leaf leaf = leaves.get(column);
    if (leaf != null) {
      return leaf;
    }
    String why = refused.get(column);
    if (why != null) {
      throw new IllegalArgumentException(
          "Cannot read column '"
              + column
              + "' of "
              + file
              + ": it is "
              + why
              + ", which has no column type (leave it out, or flatten it where the file is"
              + " written)");
    }
    List<String> inside = leaves.keySet().stream().filter(n -> n.startsWith(column + ".")).toList();
    throw new IllegalArgumentException(
        "Unknown column: '"
            + column
            + "' in "
            + file
            + (inside.isEmpty()
                ? Spelling.hint(column, leaves.keySet())
                : " (it is a struct; its columns are " + String.join(", ", inside) + ")"));
  }

  private void visit(Type type, String prefix, List<String> parents, int parentDefinition) {
    String name = prefix + type.getName();
    List<String> path = append(parents, type.getName());
    int definition = parentDefinition + (type.isRepetition(Repetition.REQUIRED) ? 0 : 1);
    if (type.isPrimitive()) {
      boolean repeated = type.isRepetition(Repetition.REPEATED);
      add(name, path, type, definition, repeated ? parentDefinition : 0, repeated);
      return;
    }
    GroupType group = type.asGroupType();
    if (group.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation
        && !type.isRepetition(Repetition.REPEATED)) {
      visitList(group, name, path, definition);
    } else if (group.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation
        || group.getLogicalTypeAnnotation() instanceof MapKeyValueTypeAnnotation) {
      refused.put(name, "a map");
    } else if (type.isRepetition(Repetition.REPEATED)) {
      refused.put(name, "a list of structs");
    } else {
      for (Type field : group.getFields()) {
        visit(field, name + ".", path, definition);
      }
    }
  }

  /**
   * The backward compatible rules of the format: the repeated field is the element, or wraps it.
   */
  private void visitList(GroupType list, String name, List<String> path, int definition) {
    if (list.getFieldCount() != 1 || !list.getType(0).isRepetition(Repetition.REPEATED)) {
      refused.put(name, "a list of an unknown shape");
      return;
    }
    Type repeated = list.getType(0);
    List<String> repeatedPath = append(path, repeated.getName());
    if (repeated.isPrimitive()) {
      add(name, repeatedPath, repeated, definition + 1, definition, true);
      return;
    }
    GroupType entry = repeated.asGroupType();
    boolean entryIsElement =
        entry.getFieldCount() > 1
            || entry.getName().equals("array")
            || entry.getName().equals(list.getName() + "_tuple");
    Type element = entry.getType(0);
    if (entryIsElement) {
      refused.put(name, "a list of structs");
    } else if (!element.isPrimitive()) {
      boolean nested = element.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation;
      refused.put(name, nested ? "a list of lists" : "a list of structs");
    } else if (element.isRepetition(Repetition.REPEATED)) {
      refused.put(name, "a list of lists");
    } else {
      int elementDefinition = definition + 1 + (element.isRepetition(Repetition.OPTIONAL) ? 1 : 0);
      add(
          name,
          append(repeatedPath, element.getName()),
          element,
          elementDefinition,
          definition,
          true);
    }
  }

  private void add(
      String name,
      List<String> path,
      Type type,
      int maxDefinition,
      int listDefinition,
      boolean isList) {
    Leaf leaf =
        new Leaf(
            name,
            ColumnPath.get(path.toArray(String[]::new)),
            type.asPrimitiveType(),
            Conversion.of(type.asPrimitiveType()),
            maxDefinition,
            listDefinition,
            isList);
    if (leaves.remove(name) != null || refused.containsKey(name)) {
      refused.put(name, "two fields of the same dotted name");
    } else {
      leaves.put(name, leaf);
    }
  }

  private static List<String> append(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }
}
