package io.featurebeam.pipelines;

import io.featurebeam.io.file.publish.Content;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.Manifest.ColumnEntry;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.file.publish.Origin.Input;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * By what two manifests differ, in lines for people: what is only in the first begins with {@code
 * -}, only in the second with {@code +}, in both but not the same with {@code ~}.
 *
 * @param spec lines of the spec
 * @param code the two versions of the code; empty if they are one
 * @param inputs what was read
 * @param schema columns
 * @param partitions folders with other rows
 * @param content whether all rows are the same; null if one manifest does not tell its rows
 */
record ManifestDiff(
    List<String> spec,
    List<String> code,
    List<String> inputs,
    List<String> schema,
    List<String> partitions,
    @Nullable Boolean content) {

  static ManifestDiff of(Manifest old, Manifest now) {
    Origin before = old.origin();
    Origin after = now.origin();
    return new ManifestDiff(
        LineDiff.of(specText(before), specText(after)),
        before == null || after == null || before.code().equals(after.code())
            ? List.of()
            : List.of(before.code().toString(), after.code().toString()),
        inputs(
            before == null ? List.of() : before.inputs(),
            after == null ? List.of() : after.inputs()),
        schema(old.schema(), now.schema()),
        partitions(old.content(), now.content()),
        same(old.content(), now.content()));
  }

  private static List<String> specText(@Nullable Origin origin) {
    return origin == null ? List.of() : origin.specText();
  }

  private static @Nullable Boolean same(@Nullable Content old, @Nullable Content now) {
    boolean known = old != null && now != null && old.hash() != null && now.hash() != null;
    return known ? (Boolean) old.hash().equals(now.hash()) : null;
  }

  /** Whether both hold the same rows in the same columns. */
  boolean isSameData() {
    return Boolean.TRUE.equals(content) && schema.isEmpty() && partitions.isEmpty();
  }

  boolean isEmpty() {
    return isSameData() && spec.isEmpty() && code.isEmpty() && inputs.isEmpty();
  }

  static List<String> inputs(List<Input> old, List<Input> now) {
    Map<String, Input> before = byKey(old);
    Map<String, Input> after = byKey(now);
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    List<String> lines = new ArrayList<>();
    for (String key : keys) {
      Input a = before.get(key);
      Input b = after.get(key);
      if (a == null || b == null) {
        Input one = a == null ? b : a;
        lines.add((a == null ? "+ " : "- ") + one.title() + said(one));
      } else {
        String change = change(a, b);
        if (!change.isEmpty()) {
          lines.add("~ " + a.title() + ": " + change);
        }
      }
    }
    return lines;
  }

  private static Map<String, Input> byKey(List<Input> inputs) {
    Map<String, Input> keys = new LinkedHashMap<>();
    inputs.forEach(i -> keys.put(i.title() + "\n" + i.kind(), i));
    return keys;
  }

  private static String said(Input input) {
    if (input.bytes() != null) {
      return " (" + bytes(input.bytes()) + ")";
    }
    return input.from() == null ? "" : " (" + offsets(input) + ")";
  }

  private static String bytes(long bytes) {
    return String.format(Locale.ROOT, "%,d byte%s", bytes, bytes == 1 ? "" : "s");
  }

  private static String offsets(Input topic) {
    return String.format(Locale.ROOT, "offsets %,d to %,d", topic.from(), topic.to());
  }

  /** How an input is not what it was; empty if it is, as far as both manifests tell. */
  static String change(Input then, Input now) {
    if (then.from() != null && !(then.from().equals(now.from()) && then.to().equals(now.to()))) {
      return offsets(then) + " then, " + offsets(now) + " now";
    }
    if (differ(then.content(), now.content())) {
      return "content " + then.content() + " then, " + now.content() + " now";
    }
    if (then.content() == null && differ(then.bytes(), now.bytes())) {
      return String.format(Locale.ROOT, "%,d bytes then, %,d now", then.bytes(), now.bytes());
    }
    if (differ(then.sha256(), now.sha256())) {
      return "SHA-256 " + then.sha256() + " then, " + now.sha256() + " now";
    }
    return "";
  }

  /** Both known, and not the same. */
  private static boolean differ(@Nullable Object then, @Nullable Object now) {
    return then != null && now != null && !then.equals(now);
  }

  private static List<String> schema(List<ColumnEntry> old, List<ColumnEntry> now) {
    Map<String, ColumnEntry> before = new LinkedHashMap<>();
    old.forEach(column -> before.put(column.name(), column));
    Map<String, ColumnEntry> after = new LinkedHashMap<>();
    now.forEach(column -> after.put(column.name(), column));
    List<String> lines = new ArrayList<>();
    for (ColumnEntry column : old) {
      ColumnEntry other = after.get(column.name());
      if (other == null) {
        lines.add("- " + column.name() + " " + type(column));
      } else if (!other.equals(column)) {
        lines.add("~ " + column.name() + ": " + type(column) + " then, " + type(other) + " now");
      }
    }
    now.stream()
        .filter(column -> !before.containsKey(column.name()))
        .forEach(column -> lines.add("+ " + column.name() + " " + type(column)));
    if (lines.isEmpty() && !old.equals(now)) {
      lines.add("~ the columns are in another order");
    }
    return lines;
  }

  private static String type(ColumnEntry column) {
    return column.type() + (column.nullable() ? "" : " not null");
  }

  private static List<String> partitions(@Nullable Content old, @Nullable Content now) {
    if (old == null || now == null) {
      return List.of();
    }
    Map<String, Content.Partition> before = old.byFolder();
    Map<String, Content.Partition> after = now.byFolder();
    TreeSet<String> folders = new TreeSet<>(before.keySet());
    folders.addAll(after.keySet());
    List<String> lines = new ArrayList<>();
    for (String folder : folders) {
      Content.Partition a = before.get(folder);
      Content.Partition b = after.get(folder);
      if (a == null) {
        lines.add("+ " + folder + ": " + rows(b.rows()));
      } else if (b == null) {
        lines.add("- " + folder + ": " + rows(a.rows()));
      } else if (a.rows() != b.rows()) {
        lines.add("~ " + folder + ": " + rows(a.rows()) + " then, " + rows(b.rows()) + " now");
      } else if (a.hash() != null && b.hash() != null && !Objects.equals(a.hash(), b.hash())) {
        lines.add("~ " + folder + ": " + rows(a.rows()) + ", other values");
      }
    }
    return lines;
  }

  static String rows(long rows) {
    return String.format(Locale.ROOT, "%,d row%s", rows, rows == 1 ? "" : "s");
  }
}
