package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.SpecException;
import io.featurebeam.pipelines.spec.SpecParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregates over order, time, weights and lists, from YAML to the file. */
final class AggregatesInYamlTest {

  @TempDir Path folder;

  @BeforeEach
  void writeOrders() throws IOException {
    Files.writeString(
        folder.resolve("orders.jsonl"),
        """
        {"at": "2024-05-01T10:00:00Z", "shop": "a", "price": 4.0, "pieces": 3, "sizes": [1, 5]}
        {"at": "2024-05-01T10:10:00Z", "shop": "a", "price": 8.0, "pieces": 1, "sizes": []}
        {"at": "2024-05-01T10:30:00Z", "shop": "a", "price": 2.0, "pieces": null, "sizes": [7, null]}
        {"at": "2024-05-01T10:40:00Z", "shop": "a", "price": 5.0, "pieces": 1, "sizes": null}
        """);
  }

  private PipelineSpec spec(String window, String features, String more) {
    return SpecParser.withDefaults().parse(yaml(window, features, more), "orders.yaml");
  }

  private String yaml(String window, String features, String more) {
    return """
        name: orders
        source:
          json:
            path: FOLDER/orders.jsonl
            columns:
              at: timestamp
              shop: string
              price: float64
              pieces: int64
              sizes: "list<int64>"
        eventTime: at
        keys: [shop]
        aggregate:
          - window: WINDOW
            emit: { every: 1h }
            features:
        FEATURES
        sink: { json: { path: FOLDER/features } }
        report: { path: FOLDER/report.html }
        MORE
        """
        .replace("FOLDER", folder.toString())
        .replace("WINDOW", window)
        .replace("FEATURES\n", features.indent(6))
        .replace("MORE\n", more);
  }

  private String features() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder.resolve("features"))) {
      List<Path> json = files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
      for (Path file : json) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void everyOneIsAColumn() throws IOException {
    FeaturePipeline.run(
        spec(
            "1h",
            """
            first: { first: price }
            firsts: { first_k: { column: price, k: 2 } }
            lasts: { last_k: { column: price, k: 2 } }
            top: { top_k: { column: price, k: 2 } }
            bottom: { bottom_k: { column: price, k: 1, by: pieces } }
            since: time_since_last
            since_first: { time_since_first: pieces }
            rate: { rate: { unit: 1m } }
            turnover: { rate: { column: price, unit: 1h } }
            change: { difference: price }
            median: { median: price }
            mean_price: { mean: price, weight: pieces }
            total: { sum: price, weight: pieces }
            spread: { variance: price, weight: pieces, population: true }
            ewma: { ewma: price, halfLife: 10m }
            slope: { slope: price }
            drawdown: { drawdown: price }
            skewness: { skewness: { column: price, population: true } }
            kurtosis: { kurtosis: price }
            sizes: { sum: elements(sizes) }
            largest: { max: elements(sizes) }
            how_many: { count: elements(sizes) }
            before: { lag: { column: pieces, n: 1 } }
            shops: { max: shop }
            """,
            ""),
        FeaturePipeline.options("--runner=DirectRunner"));
    assertEquals(
        "{'shop':'a','window_end':'2024-05-01T11:00:00Z','first_1h':4.0,'firsts_1h':[4.0,8.0],"
            + "'lasts_1h':[5.0,2.0],'top_1h':[8.0,5.0],'bottom_1h':[5.0],'since_1h':1200.0,"
            + "'since_first_1h':3600.0,'rate_1h':0.06666666666666667,'turnover_1h':19.0,"
            + "'change_1h':1.0,'median_1h':4.5,'mean_price_1h':5.0,'total_1h':25.0,"
            + "'spread_1h':2.4,'ewma_1h':4.296296296296297,'slope_1h':-6.666666666666666E-4,"
            + "'drawdown_1h':6.0,'skewness_1h':0.3233161507461904,'kurtosis_1h':0.928,"
            + "'sizes_1h':13,'largest_1h':7,'how_many_1h':3,'before_1h':null,'shops_1h':'a'}\n",
        features().replace('"', '\''));
  }

  /** As OpenMLDB's {@code ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING} of the sum of an expression. */
  @Test
  void rowsAreCountedAndAnExpressionIsAggregated() throws IOException {
    String spec =
        yaml(
                "lifetime",
                "turnover: { sum: paid }",
                "features: { paid: { expression: price * pieces } }\n")
            .replace(
                "emit: { every: 1h }", "profile: openmldb\n    bounds: { rowDelay: 1, rowCap: 2 }");
    FeaturePipeline.run(
        SpecParser.withDefaults().parse(spec, "orders.yaml"),
        FeaturePipeline.options("--runner=DirectRunner"));
    assertEquals(
        List.of("null", "12.0", "20.0", "8.0"),
        features()
            .lines()
            .sorted()
            .map(line -> line.replaceAll(".*\"turnover_lifetime\":([^,}]*).*", "$1"))
            .toList());
  }

  @Test
  void aRateOverALifetimeIsToldAtItsPlace() {
    SpecException thrown =
        assertThrows(
            SpecException.class,
            () ->
                FeaturePipeline.run(
                    spec("lifetime", "rate: { rate: price }", ""),
                    FeaturePipeline.options("--runner=DirectRunner")));
    assertEquals(
        "orders: aggregate[0].features.rate: Invalid window for rate: lifetime (it has no length to"
            + " divide by; give rate a window of finite length, or divide count by"
            + " time_since_first)",
        thrown.getMessage());
  }

  @Test
  void whatIsMadeOfTheElementsOfAMaskedListIsMasked() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("orders.yaml"),
            yaml("1h", "largest: { max: elements(sizes) }", "mask: [sizes]\n"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
    Cli.run(
        new String[] {"--spec=" + file, "--runner=DirectRunner"},
        (invocation, context) -> new SpecRun(invocation, context, console).run(),
        console,
        console);
    String said = out.toString(StandardCharsets.UTF_8);
    assertTrue(said.matches("(?s).*\\n +a +2024-05-01T11:00:00Z +\\*\\*\\*\\s.*"), said);
  }
}
