package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.integration.Shown.Outcome;
import io.featurebeam.integration.Shows.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How results become a page, by two rows of a kind. */
class CapabilityTableTest {

  private static final List<Capabilities.Section> ROWS =
      List.of(new Capabilities.Section("Sources", List.of("source.csv", "source.avro")));

  private final Map<Runner, List<Shown>> shown = new EnumMap<>(Runner.class);

  private void add(Runner runner, Outcome outcome, Mode mode, String what, String test) {
    shown.computeIfAbsent(runner, r -> new ArrayList<>()).add(new Shown(outcome, mode, what, test));
  }

  private void addToAllThatRun(String what) {
    for (Runner runner : List.of(Runner.DIRECT, Runner.FLINK, Runner.SPARK)) {
      add(runner, Outcome.PASSED, Mode.BATCH, what, "FormatsIT.reads");
    }
  }

  private String rows() {
    String page = CapabilityTable.of(ROWS, shown);
    return page.substring(page.indexOf("## Sources"));
  }

  private String problems() {
    return assertThrows(IllegalStateException.class, this::rows).getMessage();
  }

  @Test
  void aCellSaysHowManyTestsShowIt() {
    addToAllThatRun("source.csv");
    addToAllThatRun("source.avro");
    add(Runner.FLINK, Outcome.PASSED, Mode.BATCH, "source.csv", "FormatsIT.another");
    add(Runner.FLINK, Outcome.SKIPPED, Mode.BATCH, "source.csv", "FormatsIT.third");
    add(Runner.FLINK, Outcome.PASSED, Mode.STREAM, "source.csv", "StreamIT.reads");
    add(Runner.DATAFLOW, Outcome.PASSED, Mode.BATCH, "source.avro", "TranslatedIT.avro");
    add(Runner.SPARK, Outcome.REFUSED, Mode.STREAM, Shows.ALL, "OwnSourceIT.isRefused");

    assertEquals(
        """
        ## Sources

        | | Direct, batch | Flink, batch | Spark, batch | Dataflow, batch | Direct, stream | Flink, stream | Spark, stream | Dataflow, stream |
        |---|---|---|---|---|---|---|---|---|
        | `source.csv` | yes 1 | yes 2 | yes 1 | untested | not yet | yes 1 | no | not yet |
        | `source.avro` | yes 1 | yes 1 | yes 1 | graph 1 | not yet | not yet | no | not yet |
        """,
        rows());
  }

  @Test
  void aRowWithoutATestIsNamed() {
    addToAllThatRun("source.csv");
    add(Runner.DIRECT, Outcome.PASSED, Mode.BATCH, "source.avro", "FormatsIT.reads");
    add(Runner.FLINK, Outcome.SKIPPED, Mode.BATCH, "source.avro", "FormatsIT.reads");

    assertEquals(
        """
        No test shows 'source.avro' in a batch on Flink (say so on one of the suite: @Shows("source.avro"))
        No test shows 'source.avro' in a batch on Spark (say so on one of the suite: @Shows("source.avro"))\
        """,
        problems());
  }

  @Test
  void whatIsNoRowIsNamedWithTheTest() {
    addToAllThatRun("source.csv");
    addToAllThatRun("source.avro");
    addToAllThatRun("source.cvs");

    assertEquals(
        "Unknown row: 'source.cvs' of FormatsIT.reads; did you mean 'source.csv'?", problems());
  }

  @Test
  void whatFailedOrContradictsItselfIsNamed() {
    addToAllThatRun("source.csv");
    addToAllThatRun("source.avro");
    add(Runner.SPARK, Outcome.FAILED, Mode.BATCH, "source.csv", "FormatsIT.another");
    add(Runner.SPARK, Outcome.REFUSED, Mode.BATCH, "source.avro", "FormatsIT.refuses");

    assertEquals(
        """
        Failed on Spark: FormatsIT.another
        Both shown and refused: 'source.avro' in a batch on Spark\
        """,
        problems());
  }

  @Test
  void rowsComeFromTheSchemaAndTheOptions() throws IOException {
    List<String> rows =
        Capabilities.all().stream().flatMap(section -> section.rows().stream()).toList();

    assertEquals(List.copyOf(new LinkedHashSet<>(rows)), rows, "no row twice");
    assertTrue(
        rows.containsAll(
            List.of(
                "source.parquet",
                "source.NAME",
                "dedupe",
                "validate.onFail.warn",
                "aggregate.emit.every",
                "aggregate.profile.feast",
                "aggregate.bounds.rowCap",
                "sink.csv",
                "sink.partitionBy",
                "rejects.format.json",
                "--dry-run",
                "--replay")),
        rows::toString);
  }

  @Test
  void aNewKindIsARowAtOnce() throws IOException {
    JsonNode schema = Capabilities.schema();
    ((ObjectNode) schema.at("/properties/source/properties")).putObject("pigeon");

    assertTrue(Capabilities.all(schema).get(0).rows().contains("source.pigeon"));
  }

  @Test
  void aLineOfResultsIsReadAsItWasWritten() {
    Shown one = new Shown(Outcome.REFUSED, Mode.STREAM, Shows.ALL, "OwnSourceIT.isRefused");

    assertEquals(one, Shown.parse(one.line()));
  }
}
