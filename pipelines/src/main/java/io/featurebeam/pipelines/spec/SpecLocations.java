package io.featurebeam.pipelines.spec;

import java.util.Map;
import java.util.TreeMap;

/** Where each part of a parsed spec stands, by its key path: {@code aggregate[0].window[2]}. */
public final class SpecLocations {

  private final TreeMap<String, Location> byPath;
  private final TreeMap<String, Location> withoutFirstIndexes = new TreeMap<>();
  private final String source;
  private final String prefix;

  SpecLocations(String source, Map<String, Location> byPath) {
    this(source, byPath, "");
  }

  private SpecLocations(String source, Map<String, Location> byPath, String prefix) {
    this.source = source;
    this.prefix = prefix;
    this.byPath = new TreeMap<>(byPath);
    // One value may stand for a list of one: then aggregate[0].window[0] is written
    // aggregate.window.
    this.byPath.forEach((path, location) -> withoutFirstIndexes.put(plain(path), location));
  }

  private static String plain(String path) {
    return path.replace("[0]", "");
  }

  /** Of a spec that was built in Java: every part stands in the spec of that name. */
  public static SpecLocations unknown(PipelineSpec spec) {
    return new SpecLocations(spec.secrets().redact(spec.name()), Map.of());
  }

  /** The places of a part's own parts, such as those of a group. */
  SpecLocations within(String path) {
    Map<String, Location> parts = new TreeMap<>();
    byPath.forEach(
        (at, location) -> {
          if (at.startsWith(path + ".")) {
            parts.put(at.substring(path.length() + 1), location);
          }
        });
    parts.put("", of(path));
    return new SpecLocations(source, parts, path + ".");
  }

  /** A part's path as the whole spec calls it. */
  String full(String path) {
    return (prefix + path).replaceFirst("\\.$", "");
  }

  /** The place of the part at {@code path}, or of the nearest part around it. */
  public Location of(String path) {
    String at = path;
    while (true) {
      Location location = byPath.get(at);
      if (location == null) {
        location = withoutFirstIndexes.get(plain(at));
      }
      if (location != null) {
        return location;
      }
      if (at.isEmpty()) {
        return Location.flag(source);
      }
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
  }
}
