package io.featurebeam.io.file.text;

import io.featurebeam.columnar.RecordSchema;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which members of nested objects are columns. Not thread-safe: it marks what a record has had. */
final class JsonTree {

  final Map<String, JsonTree> members = new HashMap<>();

  /** The column that this member is, or -1 if it is an object. */
  int column = -1;

  /** The last record that had this member. */
  long seen = -1;

  static JsonTree of(RecordSchema schema) {
    JsonTree root = new JsonTree();
    for (int c = 0; c < schema.size(); c++) {
      JsonTree node = root;
      for (String name : schema.field(c).name().split("\\.", -1)) {
        node = node.members.computeIfAbsent(name, n -> new JsonTree());
      }
      node.column = c;
    }
    check(root, schema);
    return root;
  }

  private static void check(JsonTree node, RecordSchema schema) {
    if (node.column >= 0 && !node.members.isEmpty()) {
      throw new IllegalArgumentException(
          "Column '"
              + schema.field(node.column).name()
              + "' cannot be both a value and an object with columns");
    }
    node.members.values().forEach(member -> check(member, schema));
  }

  @Nullable JsonTree member(String name) {
    return members.get(name);
  }
}
