package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.pipelines.cli.Explain;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.Secrets;
import io.featurebeam.pipelines.spec.SpecParser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineGraphTest {

  private static final long DAY = 86_400_000_000L;
  private static final Providers PROVIDERS = Providers.discovered();

  private static final RecordSchema WIDE =
      RecordSchema.of(
          Field.of("unused", FieldType.STRING),
          Field.of("id", FieldType.INT64),
          Field.of("card", FieldType.STRING),
          Field.of("shop", FieldType.STRING),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("fee", FieldType.FLOAT64),
          Field.of("order", FieldType.INT64),
          Field.of("online", FieldType.BOOLEAN),
          Field.of("seen", FieldType.TIMESTAMP));

  private static PipelineSpec spec(String... more) {
    return SpecParser.withDefaults()
        .withEnvironment(Map.of())
        .parse(
            """
            name: payments
            source: { parquet: { path: in } }
            eventTime: seen
            keys: [card]
            """
                + String.join("\n", more),
            "spec.yaml");
  }

  private static PipelineGraph.Run run(long from, long to) {
    return new PipelineGraph.Run("run", 0, from, to);
  }

  private static PipelineGraph.Run wholeRun() {
    return run(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private static PipelineGraph graph(PipelineSpec spec, PipelineGraph.Run run) {
    return new PipelineGraph(
        spec, new MemorySource(WIDE, List.of()), PROVIDERS, FittedFeatures.none(), run);
  }

  private static PipelineGraph graph(String... more) {
    return graph(spec(more), wholeRun());
  }

  private static String refusal(String... more) {
    return assertThrows(IllegalArgumentException.class, () -> graph(more)).getMessage();
  }

  @Test
  void aggregatesReadTheirColumnsAlone() {
    assertEquals(
        List.of("card", "seen"), graph(aggregate("windowClose", "n: count")).readSchema().names());
    assertEquals(
        List.of("card", "amount", "seen"),
        graph(aggregate("windowClose", "spent: { sum: amount }")).readSchema().names());
  }

  @Test
  void stateOfAStreamDependsOnAggregatesAndOnTheFeaturesThatTheyRead() {
    PipelineGraph graph =
        graph(
            "features:",
            "  net: { log1p: amount }",
            "  log_net: { log1p: net }",
            "  log_fee: { log1p: fee }",
            aggregate("everyEvent", "mean_net: { mean: log_net }, n: count"));
    assertEquals(
        Set.of(
            "aggregate.features.mean_net",
            "aggregate.features.n",
            "features.log_net",
            "features.net"),
        StateDefinitions.of(graph).keySet());
  }

  @Test
  void whatEachPartLooksAtIsReadInTheOrderOfTheSource() {
    assertEquals(
        List.of("id", "card", "shop", "amount", "fee", "order", "online", "seen"),
        graph(
                "sequence: order",
                "dedupe: [id]",
                "validate: [{ column: shop, rule: not_null }, { rule: expression, cel: online }]",
                "features: { log_fee: { log1p: fee } }",
                aggregate(
                    "windowClose", "top: { max: log_fee }", "n: { count: amount, where: online }"))
            .readSchema()
            .names());
  }

  @Test
  void allColumnsAreReadWhereRecordsComeOutAgain() {
    assertEquals(WIDE, graph("features: { log_fee: { log1p: fee } }").readSchema());
    assertEquals(WIDE, graph(aggregate("everyEvent", "n: count")).readSchema());
  }

  @Test
  void rowsHaveTheColumnsOfRecordsFeaturesAndAggregates() {
    assertEquals(
        List.of("card", "window_end", "n_1h"),
        graph(aggregate("windowClose", "n: count")).outputSchema().names());
    List<String> events =
        graph("features: { log_fee: { log1p: fee } }", aggregate("everyEvent", "n: count"))
            .outputSchema()
            .names();
    assertEquals(List.of("seen", "log_fee", "n_1h"), events.subList(8, 11));
  }

  private static String aggregate(String emit, String... features) {
    return "aggregate: { window: 1h, emit: %s, features: { %s } }"
        .formatted(emit, String.join(", ", features));
  }

  private static List<String> rules(String... more) {
    return PipelineGraph.rules(spec(more), PROVIDERS).validations().stream()
        .map(v -> v.rule().id() + " " + v.onFail())
        .toList();
  }

  @Test
  void recordsNeedATimeAndForAggregatesAKey() {
    assertEquals(List.of("not_null(seen) REJECT"), rules());
    assertEquals(
        List.of(
            "not_null(seen) REJECT",
            "not_null(card) REJECT",
            "has_window(seen, 1h) REJECT",
            "not_null(shop) REJECT"),
        rules(
            "validate: [{ column: shop, rule: not_null }]", aggregate("windowClose", "n: count")));
  }

  @Test
  void aNeededRuleThatIsDeclaredIsThereOnce() {
    assertEquals(
        List.of(
            "not_null(seen) FAIL",
            "not_null(card) REJECT",
            "has_window(seen, 1h) REJECT",
            "not_null(shop) WARN"),
        rules(
            """
            validate:
              - { column: shop, rule: not_null, onFail: warn }
              - { column: card, rule: not_null }
              - { column: seen, rule: not_null, onFail: fail }
            """,
            aggregate("windowClose", "n: count")));
  }

  @Test
  void aNeededRuleCannotOnlyWarn() {
    assertEquals(
        "Invalid onFail of not_null(seen): warn (records without it cannot be used; must be reject"
            + " or fail)",
        refusal("validate: [{ column: seen, rule: not_null, onFail: warn }]"));
  }

  @Test
  void groupsOfOtherKeysOrTimesAreRefused() {
    String first = "{ window: 1h, emit: windowClose, features: { n: count } }";
    String refusal =
        "Invalid aggregate: groups with different keys or emit (rows of one output have one key and"
            + " one time; put the others into a spec of their own)";
    assertEquals(
        refusal,
        refusal(
            "aggregate: ["
                + first
                + ", { window: 1h, emit: windowClose, keys: [shop], features: { m: count } }]"));
    assertEquals(
        refusal,
        refusal("aggregate: [" + first + ", { window: 1h, every: 1h, features: { m: count } }]"));
    assertEquals(
        List.of("card", "window_end", "n_1h", "m_1h"),
        graph(
                "aggregate: ["
                    + first
                    + ", { window: 1h, emit: windowClose, keys: [card], features: { m: count } }]")
            .outputSchema()
            .names());
  }

  private static PipelineGraph.Run affected(long first, long last, String... more) {
    return PipelineGraph.affected(spec(more), PROVIDERS, first, last, wholeRun());
  }

  private static String daily(String time) {
    return "sink: { parquet: { path: out, partitionBy: [day(%s)] } }".formatted(time);
  }

  /** Times in microseconds; windows of an hour reach an hour and a microsecond further. */
  @ParameterizedTest
  @CsvSource({
    "86400000000, 86400000000, 86400000000, 172800000000", // the first of a day
    "172799999999, 172799999999, 86400000000, 259200000000", // the last, seen on the next day
    "10, 90000000000, 0, 172800000000",
    "-1, -1, -86400000000, 86400000000", // before 1970
  })
  void whatAnEventTouchesIsWholeDays(long first, long last, long from, long to) {
    assertEquals(
        run(from, to),
        affected(first, last, daily("window_end"), aggregate("windowClose", "n: count")));
    assertEquals(
        run(from, to), affected(first, last, daily("seen"), aggregate("everyEvent", "n: count")));
  }

  @Test
  void aRecordThatComesOutByItselfTouchesItsDayAlone() {
    assertEquals(run(DAY, 2 * DAY), affected(2 * DAY - 1, 2 * DAY - 1, daily("seen")));
  }

  @Test
  void theLongestWindowReachesFurthest() {
    assertEquals(
        run(0, 9 * DAY),
        affected(
            5,
            DAY,
            daily("window_end"),
            "aggregate: [{ window: [1h, 7d], every: 1h, features: { n: count } }]"));
  }

  @Test
  void everythingIsTouchedIfTheOutputIsNotCutByItsTime() {
    String aggregate = aggregate("windowClose", "n: count");
    assertFalse(affected(5, 5, aggregate).isRanged());
    assertFalse(affected(5, 5, aggregate, "sink: { parquet: { path: out } }").isRanged());
    assertFalse(
        affected(5, 5, aggregate, "sink: { parquet: { path: out, partitionBy: [card] } }")
            .isRanged());
  }

  @Test
  void allThatComesLaterIsTouchedByAWindowWithoutBeginning() {
    for (long time : new long[] {-400 * DAY, 5, DAY - 1}) {
      assertEquals(
          run(Math.floorDiv(time, DAY) * DAY, Long.MAX_VALUE),
          affected(
              time,
              time,
              daily("window_end"),
              "aggregate: { window: lifetime, every: 1h, features: { n: count } }"));
    }
  }

  @Test
  void allThatComesLaterIsTouchedIfItMayBeACopy() {
    String aggregate = aggregate("windowClose", "n: count");
    String unique = "validate: [{ rule: unique, columns: [id], onFail: %s }]";
    assertEquals(
        run(0, Long.MAX_VALUE), affected(5, 5, daily("window_end"), aggregate, "dedupe: [id]"));
    assertEquals(
        run(0, Long.MAX_VALUE),
        affected(5, 5, daily("window_end"), aggregate, unique.formatted("reject")));
    assertEquals(
        run(0, DAY), affected(5, 5, daily("window_end"), aggregate, unique.formatted("warn")));
  }

  @Test
  void theEndsOfTimeAreTouchedToo() {
    String aggregate = aggregate("windowClose", "n: count");
    long last = Long.MAX_VALUE - 5;
    assertEquals(
        run(Math.floorDiv(last, DAY) * DAY, Long.MAX_VALUE),
        affected(last, last, daily("window_end"), aggregate));
    PipelineGraph.Run first =
        affected(Long.MIN_VALUE, Long.MIN_VALUE, daily("window_end"), aggregate);
    assertEquals(Long.MIN_VALUE, first.from());
    assertEquals(0, Math.floorMod(first.to(), DAY)); // a bound that may be replaced
  }

  private static String explained(PipelineSpec spec, PipelineGraph.Run run) {
    return Explain.text(graph(spec, run).plan(), Secrets.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "window: 1d | records with seen from 1969-12-31T23:59:59.999999Z to before 1970-01-03, all that windows see",
        "window: lifetime | records before 1970-01-03",
      })
  void thePlanOfARangeSaysWhatIsReadBeforeIt(String window, String note) {
    String plan =
        explained(
            spec(
                "aggregate: { %s, every: 1h, features: { n: count } }".formatted(window),
                daily("window_end")),
            run(DAY, 2 * DAY));

    assertEquals(
        "range    " + note,
        plan.lines().filter(l -> l.contains("range    ")).findFirst().get().strip());
  }

  @Test
  void thePlanOfARangeReadsAllBeforeItIfThereMayBeCopies() {
    String plan =
        explained(
            spec("dedupe: [id]", aggregate("windowClose", "n: count"), daily("window_end")),
            run(DAY, 2 * DAY));

    assertEquals(
        1,
        plan.lines()
            .filter(
                line ->
                    line.strip()
                        .equals(
                            "range    records before 1970-01-03, however early: of copies the earliest stays"))
            .count());
  }

  @Test
  void thePlanSaysWhatAStoreKeepsAndWhenItIsWritten() {
    String sink =
        "sink: { redis: { server: \"redis:6379\", group: cards, ttl: 30d, where: amount > 1.0 } }";
    String rule = "validate: [ { rule: between, column: amount, min: 0, max: 9, onFail: fail } ]";
    String store = "store    redis cards, the newest row of each card for 30d";
    String where = "where    amount > 1.0";
    String holds = "holds    rows until no rule fails the run: a store takes nothing back";

    assertEquals(List.of(store, where), ofStores(explained(spec(sink), wholeRun())));
    assertEquals(List.of(holds, store, where), ofStores(explained(spec(sink, rule), wholeRun())));
    PipelineGraph.Run stream =
        new PipelineGraph.Run("run", 0, Long.MIN_VALUE, Long.MAX_VALUE, true, null);
    assertEquals(List.of(store, where), ofStores(explained(spec(sink, rule), stream)));
  }

  private static List<String> ofStores(String plan) {
    assertTrue(plan.contains("newest rows"), plan);
    return plan.lines()
        .map(String::strip)
        .filter(line -> line.matches("(store|where|holds) .*"))
        .toList();
  }

  @Test
  void aRowWithoutItsKeyIsNoRowOfAStore() {
    assertEquals(
        List.of("not_null(seen)", "not_null(card)"),
        graph("sink: { redis: { server: \"redis:6379\" } }").rules().validations().stream()
            .map(validation -> validation.rule().id())
            .toList());
  }

  private static final String SAMPLED =
      """
      trainingSet:
        sample: { where: "n_1h > 1", keep: 0.5 }
        split: { byKey: { keys: [card], shares: { train: 0.8 }, rest: test } }
      """;

  @Test
  void rowsOfATrainingSetHaveAWeightAndAPart() {
    PipelineGraph graph = graph(aggregate("windowClose", "n: count"), SAMPLED);

    assertEquals(
        List.of("card", "window_end", "n_1h", "weight", "split"), graph.outputSchema().names());
    String plan = Explain.text(graph.plan(), Secrets.NONE);
    assertTrue(plan.contains("sample   0.5 of rows where n_1h > 1\n"), plan);
    assertTrue(plan.contains("split    train, test by card\n"), plan);
  }

  @Test
  void rowsThatDoNotFitTheSampleOrTheSplitAreRefused() {
    assertEquals(
        "Invalid split: Unknown column: 'shop'; known: card, window_end, n_1h, weight",
        refusal(
            aggregate("windowClose", "n: count"), SAMPLED.replace("keys: [card]", "keys: [shop]")));
    assertEquals(
        "Invalid sample: Column 'card' is string (must be a number to be a weight)",
        refusal(
            aggregate("windowClose", "n: count"),
            SAMPLED.replace("keep: 0.5", "keep: 0.5, weight: card")));
  }

  @Test
  void rowsOfAStreamAreNoTrainingSet() {
    PipelineSpec spec = spec(aggregate("windowClose", "n: count"), SAMPLED);
    PipelineGraph.Run stream =
        new PipelineGraph.Run("run", 0, Long.MIN_VALUE, Long.MAX_VALUE, true, "DirectRunner");

    assertEquals(
        "Invalid trainingSet without groups of a source without an end (rows of a stream change as"
            + " events come, and a sample might keep one state of a row and not the next; make it of"
            + " what the stream has written, or give a source that ends)",
        assertThrows(IllegalArgumentException.class, () -> graph(spec, stream)).getMessage());
  }
}
