package io.featurebeam.pipelines.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a {@link Shape.Section}: the declared Java type under each key, so that a cast
 * cannot fail while the declaration and its one reader agree.
 *
 * @param complete whether nothing in it was wrong
 */
record Values(Map<String, Object> values, boolean complete, Node node, String path) {

  boolean has(String key) {
    return values.containsKey(key);
  }

  <T> T get(String key, Class<T> type) {
    T value = orNull(key, type);
    if (value == null) {
      throw new IllegalStateException("Missing '" + key + "' (the reader should have said so)");
    }
    return value;
  }

  <T> @Nullable T orNull(String key, Class<T> type) {
    return type.cast(values.get(key));
  }

  <T> T or(String key, Class<T> type, T otherwise) {
    T value = orNull(key, type);
    return value == null ? otherwise : value;
  }

  String text(String key) {
    return get(key, String.class);
  }

  /** The elements; none if the key is not there. */
  <T> List<T> list(String key, Class<T> type) {
    List<?> list = or(key, List.class, List.of());
    return list.stream().<T>map(type::cast).toList();
  }

  /** The names and values; none if the key is not there. */
  <T> Map<String, T> map(String key, Class<T> type) {
    Map<?, ?> map = or(key, Map.class, Map.of());
    Map<String, T> typed = new LinkedHashMap<>();
    map.forEach((name, value) -> typed.put((String) name, type.cast(value)));
    return typed;
  }

  /**
   * The one key of a {@link Shape.OneOf} that was given, with its {@link Values} or {@link Use}.
   *
   * @param beside what stands beside it, by key
   */
  record Chosen(String key, Object value, Node node, Map<String, Object> beside) {}

  /** A {@link Shape.Provided}: the use and the words of the spec beside it. */
  record Offered(Use use, RuleSpec.OnFail onFail, @Nullable String where, @Nullable Per per) {}
}
