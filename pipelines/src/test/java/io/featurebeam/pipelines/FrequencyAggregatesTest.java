package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregates of how often values occur and aggregates per category, from YAML to the output. */
class FrequencyAggregatesTest {

  @TempDir Path folder;

  @Test
  void everyAggregateOfFrequencyHasItsNameInYaml() throws IOException {
    assertPasses(
        """
        cards: { distinct: card }
        few: { distinct: card, maxDistinct: 2 }
        which: { distinct_list: amount }
        mode: { most_frequent: card }
        top: { frequent_items: card, topK: 2 }
        times: { frequent_items: card, topK: 2, counts: true }
        bins: { histogram: amount, boundaries: [0, 10] }
        bits: { entropy: amount }
        spread: { quantiles: amount, q: [0, 1] }
        median: { approximate_quantile: amount, q: 0.5 }
        """,
        """
        cards_1h: 3
        few_1h: 2
        which_1h: [1, 20]
        mode_1h: b
        top_1h: [b, a]
        times_1h: [2, 1]
        bins_1h: [0, 2, 2]
        bits_1h: 1
        spread_1h: [1, 20]
        median_1h: 10.5
        """);
  }

  @Test
  void declaredCategoriesHaveAColumnEach() throws IOException {
    assertPasses(
        """
        spent: { sum: amount, per: { column: card, values: [a, b, "c \\"d\\\\" ] } }
        large: { count: , where: "amount > 10", per: { column: card, values: [b, none] } }
        """,
        """
        spent_a_1h: 1
        spent_b_1h: 21
        "spent_c \\"d\\\\_1h": 20
        large_b_1h: 1
        large_none_1h: 0
        """);
  }

  @Test
  void categoriesThatAreNotDeclaredAreAJsonObject() throws IOException {
    assertPasses(
        """
        spent: { mean: amount, per: card }
        large: { count: , where: "amount > 10", per: { column: card, maxCategories: 2 } }
        many: { count: , per: { column: card, maxCategories: 2 } }
        last: { count: , per: { column: card, top: 2 } }
        most: { sum: amount, per: { column: card, top: 2, by: value } }
        """,
        """
        spent_1h: '{"a":1.0,"b":10.5,"c \\"d\\\\":20.0}'
        large_1h: '{"b":1,"c \\"d\\\\":1}'
        many_1h: null
        last_1h: '{"c \\"d\\\\":1,"b":2}'
        most_1h: '{"b":21.0,"c \\"d\\\\":20.0}'
        """);
  }

  @Test
  void thePlanSaysThem() throws IOException {
    Payments payments = new Payments(folder);
    payments.write("a.parquet", "1, a, 5, 2026-03-01T10:10:00Z");
    Path spec =
        payments.spec(
            """
            aggregate:
              window: 1h
              emit: windowClose
              features:
                all: { sum: amount, per: card }
                top: { sum: amount, per: { column: card, top: 2, by: value } }
                some: { sum: amount, where: "amount > 1", per: { column: card, values: [a, b] } }
            """);

    String plan = Payments.run(spec, "--explain").succeeded().out();

    assertTrue(plan.contains("all = sum(amount) per card\n"), plan);
    assertTrue(plan.contains("top = sum(amount) per card, the first 2 by value\n"), plan);
    assertTrue(plan.contains("some = sum(amount) where amount > 1 per card of [a, b]\n"), plan);
    assertTrue(plan.contains("some_b_1h"), plan);
  }

  private void assertPasses(String features, String expected) throws IOException {
    Path spec =
        new Payments(folder)
            .spec(
                "aggregate:\n  keys: day\n  window: 1h\n  emit: windowClose\n  features:\n"
                    + features.indent(4))
            .toAbsolutePath();
    Files.writeString(spec, Files.readString(spec).replace("keys: [card]\n", ""));
    Path tests =
        Files.writeString(
            folder.resolve("spec.test.yaml"),
            """
            columns: { day: int64, card: string, amount: float64, seen: timestamp }
            tests:
              - name: an hour
                input: |
                  day, card,      amount, seen
                  1,   a,         1,      2026-03-01T10:10:00Z
                  1,   b,         20,     2026-03-01T10:20:00Z
                  1,   b,         1,      2026-03-01T10:30:00Z
                  1,   "c ""d\\", 20,     2026-03-01T10:40:00Z
                output:
                  - day: 1
            """
                + expected.indent(8));
    assertEquals(
        "ok    an hour\n\n1 passed, 0 failed\n",
        Payments.run(spec, "--testSpec=" + tests).succeeded().out());
  }
}
