package io.featurebeam.io.file.text;

import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which members are columns: column {@code a.b} is the member of that very name, or member b of the
 * object a. Not thread-safe: it marks what a record has had.
 */
final class JsonTree {

  /** The dotted name, from the top. */
  final String name;

  /** By the name that a member may have here, with dots or without. */
  private final Map<String, JsonTree> members = new HashMap<>();

  /** The objects that this member may be in, from the top. */
  private final List<JsonTree> above;

  /** The column that this member is, or -1 if it is an object only. */
  int column = -1;

  /** The last record that had this member. */
  long seen = -1;

  /** The last record that gave this column a value. */
  long filled = -1;

  /** The last record in which this was no object, and no column either. */
  long noObject = -1;

  private JsonTree(String name, List<JsonTree> above) {
    this.name = name;
    this.above = above;
  }

  static JsonTree of(RecordSchema schema) {
    JsonTree root = new JsonTree("", List.of());
    Map<String, JsonTree> known = new HashMap<>();
    for (int c = 0; c < schema.size(); c++) {
      root.add(schema.field(c).name(), known).column = c;
    }
    return root;
  }

  /** Leads from here and from each object on the way to each longer part of the name. */
  private JsonTree add(String column, Map<String, JsonTree> known) {
    List<JsonTree> way = new ArrayList<>(List.of(this));
    for (int end = end(column, 0); ; end = end(column, end + 1)) {
      String prefix = column.substring(0, end);
      JsonTree node =
          known.computeIfAbsent(
              prefix, name -> new JsonTree(name, List.copyOf(way.subList(1, way.size()))));
      for (JsonTree from : way) {
        from.members.put(from == this ? prefix : prefix.substring(from.name.length() + 1), node);
      }
      if (end == column.length()) {
        return node;
      }
      way.add(node);
    }
  }

  private static int end(String column, int from) {
    int dot = column.indexOf('.', from);
    return dot < 0 ? column.length() : dot;
  }

  @Nullable JsonTree member(String memberName) {
    return members.get(memberName);
  }

  boolean isObject() {
    return !members.isEmpty();
  }

  /** The object that this column should have been in, but that was none in this record. */
  @Nullable JsonTree missing(long record) {
    for (JsonTree object : above) {
      if (object.noObject == record) {
        return object;
      }
    }
    return null;
  }
}
