package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.spec.SpecTests.Outcome;
import io.featurebeam.pipelines.spec.SpecTests.Report;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecTestsTest {

  private static final String FILE =
      """
      columns: { date: timestamp, origin: string, delay: float64 }
      tests:
        - name: a flight sees the flights before it
          input: |
            date,                 origin, delay
            2001-01-01T08:00:00Z, SEA,    5
            2001-01-01T08:30:00Z, "a, b", 7.5
            2001-01-01,           "",
          output:
            - { origin: SEA, mean: 1.0 }
            - { origin: SFO, mean: null }
            - { origin: OAK, mean: 3 }
      """;

  private static final RecordSchema OUTPUT =
      RecordSchema.of(
          Field.of("origin", FieldType.STRING),
          Field.of("mean", FieldType.FLOAT64),
          Field.of("more", FieldType.INT64));

  private static final RecordBatch ALL_EXPECTED =
      RecordBatch.builder(OUTPUT)
          .add("OAK", 3.000000001, 1)
          .add("SFO", null, 2)
          .add("SEA", 1.0, 3)
          .build();

  private static List<SpecTest> read(String file) {
    return SpecTestParser.read(file, "flights.test.yaml", Specs.flights());
  }

  private static Report run(String file, RecordBatch... output) {
    return SpecTests.run(
        Specs.flights(), read(file), (spec, input) -> new Outcome(List.of(output), List.of()));
  }

  @Test
  void inputRowsHaveTheDeclaredTypes() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("date", FieldType.TIMESTAMP),
            Field.of("origin", FieldType.STRING),
            Field.of("delay", FieldType.FLOAT64));
    assertEquals(
        RecordBatch.builder(schema)
            .add(978_336_000_000_000L, "SEA", 5.0)
            .add(978_337_800_000_000L, "a, b", 7.5)
            .add(978_307_200_000_000L, "", null)
            .build(),
        read(FILE).get(0).input());
  }

  @Test
  void rowsAsExpectedInAnyOrderPass() {
    Report report = run(FILE, ALL_EXPECTED);
    assertEquals(
        "ok    a flight sees the flights before it\n\n1 passed, 0 failed\n", report.text());
    assertEquals(0, report.failed());
  }

  @Test
  void differenceMarksRowsAndCells() {
    RecordBatch output =
        RecordBatch.builder(OUTPUT)
            .add("SEA", 1.0, 3)
            .add("OAK", 3.1, 1)
            .add("LAX", 9.0, 2)
            .build();
    Report report = run(FILE, output);
    assertEquals(
        """
        FAIL  a flight sees the flights before it
              output: 3 rows expected, 3 came; 2 missing (-), 2 not expected (+)
                 origin  mean
              =  SEA     1.0
              -  SFO     null
              -  OAK     [3]
              +  OAK     [3.1]
              +  LAX     9.0

        0 passed, 1 failed
        """,
        report.text());
    assertEquals(1, report.failed());
  }

  @Test
  void rejectsThatAreNotExpectedFail() {
    RecordBatch rejects =
        RecordBatch.builder(RecordSchema.of(Field.of("rule", FieldType.STRING))).add("r").build();
    Report report =
        SpecTests.run(
            Specs.flights(),
            read(FILE),
            (spec, input) -> new Outcome(List.of(ALL_EXPECTED), List.of(rejects)));
    assertEquals(
        """
        FAIL  a flight sees the flights before it
              rejects: 0 rows expected, 1 came; 0 missing (-), 1 not expected (+)
                 rule
              +  r

        0 passed, 1 failed
        """,
        report.text());
  }

  @Test
  void runThatFailsIsACaseThatFails() {
    Report report =
        SpecTests.run(
            Specs.flights(),
            read(FILE),
            (spec, input) -> {
              throw new IllegalStateException("no runner");
            });
    assertEquals(
        """
        FAIL  a flight sees the flights before it
              the run failed: no runner

        0 passed, 1 failed
        """,
        report.text());
  }

  @Test
  void columnThatDoesNotComeIsNamed() {
    RecordBatch output =
        RecordBatch.builder(RecordSchema.of(Field.of("origin", FieldType.STRING)))
            .add("SEA")
            .build();
    assertEquals(
        """
        FAIL  a flight sees the flights before it
              output: no column 'mean'; known: origin

        0 passed, 1 failed
        """,
        run(FILE, output).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          origin, delay | origin, dealy | 4:12: tests[0].input: Unknown column: 'dealy'; did you mean 'delay'?
          7.5 | seven | 4:12: tests[0].input: Row 2, delay: Invalid float64: 'seven'
          SEA,    5 | SEA | 4:12: tests[0].input: Row 1 has 2 cells (must be 3)
          "a, b" | "a, b | 4:12: tests[0].input: Invalid CSV: a quote is not closed (must end with ")
          columns | colums | 1:1: colums: Unknown key: 'colums'; did you mean 'columns'?
          """)
  void mistakeInTheFileIsTold(String from, String to, String expected) {
    SpecException thrown = assertThrows(SpecException.class, () -> read(FILE.replace(from, to)));
    assertEquals("flights.test.yaml:" + expected, thrown.problems().get(0).line());
  }

  @Test
  void inputWithoutTypesIsRefused() {
    SpecException thrown =
        assertThrows(SpecException.class, () -> read(FILE.substring(FILE.indexOf("tests:"))));
    assertEquals(
        "flights.test.yaml:1:1: Missing key: 'columns': the types of the input; use for example"
            + " columns: { date: timestamp, delay: float64 }",
        thrown.problems().get(0).line());
  }
}
