package io.featurebeam.pipelines.cli;

import io.featurebeam.columnar.RecordSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline will do, step by step, for {@link Explain}.
 *
 * @param name the pipeline's name
 * @param steps in the order of the data; a step's inputs stand before it
 */
public record Plan(String name, List<Step> steps) {

  /**
   * One step.
   *
   * @param name as the runner's UI shows it, unique in the plan
   * @param kind what it is, for people: "parquet source", "rules", "window aggregates"
   * @param inputs names of the steps it reads from
   * @param outputs the columns it gives; null if it gives none, such as a sink
   * @param notes one fact a line: projected columns, pushed-down ranges, windows, what it is fused
   *     with
   */
  public record Step(
      String name,
      String kind,
      List<String> inputs,
      @Nullable RecordSchema outputs,
      List<String> notes) {
    public Step {
      Objects.requireNonNull(name, "name is null");
      Objects.requireNonNull(kind, "kind is null");
      inputs = List.copyOf(inputs);
      notes = List.copyOf(notes);
    }
  }

  public Plan {
    Objects.requireNonNull(name, "name is null");
    steps = List.copyOf(steps);
    Set<String> seen = new HashSet<>();
    for (Step step : steps) {
      for (String input : step.inputs()) {
        if (!seen.contains(input)) {
          throw new IllegalArgumentException(
              "Unknown input of step '"
                  + step.name()
                  + "': '"
                  + input
                  + "' (must be a step before it)");
        }
      }
      if (!seen.add(step.name())) {
        throw new IllegalArgumentException("Duplicate step: '" + step.name() + "'");
      }
    }
  }
}
