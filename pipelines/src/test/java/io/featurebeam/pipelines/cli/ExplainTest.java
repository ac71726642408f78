package io.featurebeam.pipelines.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.cli.Plan.Step;
import io.featurebeam.pipelines.spec.Secrets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExplainTest {

  private static final RecordSchema READ =
      RecordSchema.of(
          Field.required("date", FieldType.TIMESTAMP), Field.of("delay", FieldType.FLOAT64));

  @Test
  void planShowsStepsColumnsAndNotes() {
    Plan plan =
        new Plan(
            "flight-delays",
            List.of(
                new Step(
                    "Read",
                    "parquet source",
                    List.of(),
                    READ,
                    List.of("reads    2 of 29 columns", "range    date >= 2001-01-02")),
                new Step("Validate", "rules", List.of("Read"), READ, List.of("rule     r(delay)")),
                new Step(
                    "Features",
                    "features",
                    List.of("Validate"),
                    READ.with(Field.of("log", FieldType.FLOAT64)),
                    List.of()),
                new Step(
                    "Aggregate",
                    "window aggregates",
                    List.of("Features"),
                    RecordSchema.of(Field.of("mean_delay_1h", FieldType.FLOAT64)),
                    List.of("windows  1h")),
                new Step("Write", "parquet sink", List.of("Aggregate"), null, List.of())));
    assertEquals(
        """
        Plan of flight-delays: 5 steps

         1. Read       parquet source
              columns  date   timestamp not null
                       delay  float64
              reads    2 of 29 columns
              range    date >= 2001-01-02

         2. Validate   rules
              from     Read
              columns  as in Read
              rule     r(delay)

         3. Features   features
              from     Validate
              columns  as in Validate, and
                       log  float64

         4. Aggregate  window aggregates
              from     Features
              columns  mean_delay_1h  float64
              windows  1h

         5. Write      parquet sink
              from     Aggregate
        """,
        Explain.text(plan, Secrets.NONE));
  }

  @Test
  void optionsAreToldWithWhoGaveThem() {
    assertEquals(
        """

        Options of FlinkRunner
          --parallelism=4    flag
          --tempLocation=/t  spec
          --fasterCopy=true  default
        """,
        Explain.options(
            "FlinkRunner",
            List.of(
                new Setting("--spec=a.yaml", Setting.Origin.FLAG),
                new Setting("--runner=FlinkRunner", Setting.Origin.FLAG),
                new Setting("--parallelism=4", Setting.Origin.FLAG),
                new Setting("--tempLocation=/t", Setting.Origin.SPEC),
                new Setting("--fasterCopy=true", Setting.Origin.DEFAULT)),
            Secrets.NONE));
    assertEquals("", Explain.options("FlinkRunner", List.of(), Secrets.NONE));
  }

  @Test
  void hostileNamesCannotForgeALine() {
    Plan plan =
        new Plan("n", List.of(new Step("a\n 2. b", "\u001b[2J", List.of(), null, List.of())));
    assertEquals(
        "Plan of n: 1 step\n\n 1. a\\u000a 2. b  \\u001b[2J\n", Explain.text(plan, Secrets.NONE));
  }

  @Test
  void inputMustBeAStepBefore() {
    Step step = new Step("a", "k", List.of("b"), null, List.of());
    assertEquals(
        "Unknown input of step 'a': 'b' (must be a step before it)",
        assertThrows(IllegalArgumentException.class, () -> new Plan("n", List.of(step)))
            .getMessage());
  }
}
