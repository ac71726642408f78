package io.featurebeam.pipelines.spec;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Several inputs read as one: the windows see the records of all.
 *
 * <pre>{@code
 * UnionSource.of(
 *         "payments", SourceSpec.parquet("payments.parquet"),
 *         "refunds", SourceSpec.parquet("refunds.parquet"))
 *     .renaming("refunds", Map.of("account", "user"))
 * }</pre>
 *
 * <p>A column has one type in all inputs; in the records of an input that lacks it it is null. A
 * column more, {@link #INPUT}, says which input a record is from. An input is no union itself.
 *
 * @param inputs by name, at least two
 */
public record UnionSource(Map<String, Input> inputs) implements SourceSpec {

  /** The column that holds the name of a record's input. */
  public static final String INPUT = "input";

  /**
   * One of the inputs.
   *
   * @param columns new names of some columns: theirs to ours
   */
  public record Input(SourceSpec source, Map<String, String> columns) {
    public Input {
      Objects.requireNonNull(source, "source is null");
      columns = ordered(columns);
      Map<String, String> theirs = new HashMap<>();
      columns.forEach(
          (their, our) -> {
            String before = theirs.put(our, their);
            if (before != null) {
              throw new IllegalArgumentException(
                  "Invalid columns: '"
                      + before
                      + "' and '"
                      + their
                      + "' are both renamed to '"
                      + our
                      + "' (give them different names)");
            }
          });
    }
  }

  public UnionSource {
    inputs = ordered(inputs);
    if (inputs.size() < 2) {
      throw new IllegalArgumentException(
          "Invalid union: of "
              + List.copyOf(inputs.keySet())
              + " (must be of at least two inputs)");
    }
    inputs.forEach(
        (name, input) -> {
          Names.check("input", name);
          if (input.source() instanceof UnionSource) {
            throw new IllegalArgumentException(
                "Invalid union: '"
                    + name
                    + "' is a union itself (name its inputs beside the others)");
          }
        });
  }

  /** Two inputs, whose columns have the same names. */
  public static UnionSource of(
      String name, SourceSpec source, String otherName, SourceSpec otherSource) {
    Map<String, Input> inputs = new LinkedHashMap<>();
    inputs.put(name, new Input(source, Map.of()));
    return new UnionSource(inputs(inputs, otherName, new Input(otherSource, Map.of())));
  }

  /** With an input more. */
  public UnionSource and(String name, SourceSpec source) {
    return new UnionSource(inputs(inputs, name, new Input(source, Map.of())));
  }

  /** With new names of columns of an input: theirs to ours. */
  public UnionSource renaming(String name, Map<String, String> columns) {
    Input input = inputs.get(name);
    if (input == null) {
      throw new IllegalArgumentException(
          "Unknown input: '" + name + "' (must be one of " + inputs.keySet() + ")");
    }
    Map<String, Input> renamed = new LinkedHashMap<>(inputs);
    renamed.put(name, new Input(input.source(), columns));
    return new UnionSource(renamed);
  }

  private static Map<String, Input> inputs(Map<String, Input> inputs, String name, Input input) {
    Map<String, Input> more = new LinkedHashMap<>(inputs);
    if (more.put(name, input) != null) {
      throw new IllegalArgumentException("Invalid input: '" + name + "' (is given twice)");
    }
    return more;
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  @Override
  public String kind() {
    return "union";
  }

  @Override
  public String toString() {
    return "union source";
  }
}
