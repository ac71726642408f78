package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Specs.errors;
import static io.featurebeam.pipelines.spec.Specs.minimal;
import static io.featurebeam.pipelines.spec.Specs.parser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.dataset.KeySplit;
import io.featurebeam.dataset.Sampling;
import io.featurebeam.dataset.TimeSplit;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainingSetSpecTest {

  private static final String ROWS =
      """
      keys: [card]
      aggregate: { window: 1d, emit: windowClose, features: { payments: count } }
      trainingSet:
        sample: { where: "payments_1d == 0", keep: 0.1 }
        split: { byTime: { until: { train: 2025-03-01 }, rest: test } }
      """;

  private static TrainingSetSpec trainingSet(String yaml) {
    return Objects.requireNonNull(parser().parse(minimal(yaml), "f.yaml").trainingSet());
  }

  @Test
  void withoutGroupsRowsAreToldApartByTheKeysAndTheTimeOfTheAggregates() {
    assertEquals(
        TrainingSetSpec.ofRows()
            .withSample(Sampling.of("payments_1d == 0", 0.1, List.of("card"), "window_end"))
            .withSplit(
                TimeSplit.by("window_end").until("train", LocalDate.of(2025, 3, 1)).rest("test")),
        trainingSet(ROWS));
    assertEquals(
        List.of(Sampling.of("payments_1d == 0", 0.1, List.of("shop"), "t")),
        trainingSet(ROWS.replace("emit: windowClose", "keys: [shop]")).samples());
  }

  @Test
  void aPartOfTheKeysIsSplitByTheTimeOfTheRowToo() {
    String split =
        "split: { byKey: { keys: [card], shares: { a: 0.5 }, rest: b,"
            + " within: { b: { until: { c: 2025-03-01 }, rest: d } } } }\n";
    assertEquals(
        KeySplit.by("card")
            .share("a", 0.5)
            .rest("b")
            .within("b", TimeSplit.by("window_end").until("c", LocalDate.of(2025, 3, 1)).rest("d")),
        trainingSet(ROWS.replaceFirst("split: .*\n", split)).split());
  }

  private static final String GROUPS =
      """
      trainingSet:
        groups:
          card:
            source: { csv: { path: in.csv, columns: { id: int64, card: string, at: timestamp } } }
            eventTime: at
            keys: [card]
            dedupe: { by: [id], within: 1h }
            aggregate: { window: 1d, features: { payments: count } }
      """;

  @Test
  void whatIsWrittenReadsBackTheSame() {
    for (String yaml :
        List.of(ROWS, ROWS.replaceFirst("(?s)trainingSet:.*", "trainingSet: {}"), GROUPS)) {
      PipelineSpec spec = parser().parse(minimal(yaml), "f.yaml");
      assertEquals(spec, parser().parse(SpecWriter.toYaml(spec), "f.yaml"));
    }
  }

  @Test
  void copiesInAGroupMayBeBounded() {
    assertEquals(
        new DedupeSpec(List.of("id"), 3_600_000_000L),
        trainingSet(GROUPS).groups().get("card").features().dedupe());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          horizon: 30d | Invalid horizon: 30d without groups (rows of aggregates are no labels, which are known later; read the labels, and put the aggregates into a group)
          asOf: 2025-03-01 | Invalid asOf: 2025-03-01 without groups (rows of aggregates are no labels, which are known later; read the labels, and put the aggregates into a group)
          labelKeys: {} | Unknown key: 'labelKeys'; known: groups, horizon, sample, split, asOf
          unmatched: drop | Unknown key: 'unmatched'; known: groups, horizon, sample, split, asOf
          """)
  void whatIsOfLabelsIsRefusedWithoutThem(String key, String expected) {
    String errors = errors(minimal(ROWS + "  " + key + "\n"));
    assertEquals(expected, errors.replaceFirst("^f.yaml:\\d+:\\d+: trainingSet[^:]*: ", ""));
  }

  @Test
  void groupsAndAggregatesExcludeEachOther() {
    assertEquals(
        "f.yaml:1:1: Invalid aggregate beside groups of trainingSet (its records are labels; put the"
            + " aggregates into a group)",
        errors(minimal(ROWS.replaceFirst("(?s)trainingSet:.*", "") + GROUPS)));
    assertEquals(
        "f.yaml:1:1: Missing groups of trainingSet (labels need features of at least one; without"
            + " labels, add aggregate: its rows are the training set)",
        errors(minimal(ROWS.replaceFirst("aggregate: .*\n", ""))));
  }

  @Test
  void aSpecWithoutATimeIsToldSo() {
    assertEquals(
        "f.yaml:1:1: Missing key: 'eventTime': The timestamp column that says when an event"
            + " happened.",
        errors("name: n\nsource: { parquet: { path: in } }\n" + GROUPS));
  }
}
