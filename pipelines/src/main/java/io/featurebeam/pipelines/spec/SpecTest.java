package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.RecordBatch;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One case of a spec test file: what goes in, and what must come out. {@link SpecTestParser} reads
 * the file, {@link SpecTests} runs its cases.
 *
 * @param name says the case and the result
 * @param spec the spec's file as the test names it, relative to the test; null for the only spec
 *     beside it
 * @param input the records that stand in for the source
 * @param groups of a training set, the records that stand in for the source of each group
 * @param output the rows expected in the output, in any order
 * @param rejects the rows expected among the rejects; null to expect none
 */
public record SpecTest(
    String name,
    @Nullable String spec,
    RecordBatch input,
    Map<String, RecordBatch> groups,
    Expected output,
    @Nullable Expected rejects) {

  /**
   * Expected rows: only the named columns are compared.
   *
   * @param columns the columns
   * @param rows the cells of each row as text, null for null
   */
  public record Expected(List<String> columns, List<List<@Nullable String>> rows) {
    public Expected {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }
  }

  public SpecTest {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(input, "input is null");
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    Objects.requireNonNull(output, "output is null");
  }
}
