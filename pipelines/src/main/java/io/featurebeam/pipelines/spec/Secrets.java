package io.featurebeam.pipelines.spec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a spec took from the environment, so that nothing printed shows it: every value of a {@code
 * ${VARIABLE}} is a secret. {@link #redact} puts the variable back in the value's place.
 *
 * <p>A value of fewer than {@value #SHORTEST} characters is too common a text to search for: it is
 * hidden where the spec itself is printed, and in errors about its place, but not in other text.
 */
public final class Secrets implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The length from which a value is searched for in any text. */
  static final int SHORTEST = 4;

  /** Nothing came from the environment. */
  public static final Secrets NONE = new Secrets(Map.of(), Map.of());

  private final TreeMap<String, String> variables;
  private final TreeMap<String, String> scalars;

  /**
   * @param variables a variable's value to the variable as written: {@code hunter2} to {@code
   *     ${PW}}
   * @param scalars a whole scalar as resolved to the scalar as written
   */
  Secrets(Map<String, String> variables, Map<String, String> scalars) {
    this.variables = new TreeMap<>(variables);
    this.scalars = new TreeMap<>(scalars);
  }

  /**
   * The text with each value that came from the environment replaced by its variable, longest
   * first.
   */
  public String redact(String text) {
    List<Map.Entry<String, String>> longestFirst = new ArrayList<>(variables.entrySet());
    longestFirst.sort(
        Comparator.comparingInt((Map.Entry<String, String> e) -> e.getKey().length())
            .reversed()
            .thenComparing(Map.Entry.comparingByKey()));
    String redacted = text;
    for (Map.Entry<String, String> entry : longestFirst) {
      if (entry.getKey().length() >= SHORTEST) {
        redacted = redacted.replace(entry.getKey(), entry.getValue());
      }
    }
    return redacted;
  }

  public boolean isEmpty() {
    return variables.isEmpty();
  }

  /** These secrets, and more scalars with how they were written. */
  Secrets with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(scalars);
    all.putAll(more);
    return new Secrets(variables, all);
  }

  /** These secrets, and those of another spec. */
  Secrets with(Secrets other) {
    Map<String, String> values = new TreeMap<>(variables);
    values.putAll(other.variables);
    return new Secrets(values, scalars).with(other.scalars);
  }

  /** How a scalar was written, if a part of it came from the environment. */
  Optional<String> written(String scalar) {
    return Optional.ofNullable(scalars.get(scalar));
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Secrets s && variables.equals(s.variables) && scalars.equals(s.scalars);
  }

  @Override
  public int hashCode() {
    return Objects.hash(variables, scalars);
  }

  /** The variables' names alone. */
  @Override
  public String toString() {
    return "Secrets" + variables.values();
  }
}
