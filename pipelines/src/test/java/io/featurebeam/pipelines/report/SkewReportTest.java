package io.featurebeam.pipelines.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.report.RunSummary.Versions;
import io.featurebeam.skew.Side;
import io.featurebeam.skew.SkewLimits;
import io.featurebeam.skew.SkewPlan;
import io.featurebeam.skew.SkewShard;
import io.featurebeam.skew.SkewStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

class SkewReportTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("count", FieldType.INT64),
          Field.of("mean", FieldType.FLOAT64),
          Field.of("<b>city", FieldType.STRING),
          Field.of("secret", FieldType.FLOAT64));

  private static SkewStats stats(int rows, double error) {
    SkewPlan plan = SkewPlan.of(SCHEMA, SCHEMA, List.of("card")).withMasked(List.of("secret"));
    RecordBatch.Builder logged = RecordBatch.builder(SCHEMA);
    RecordBatch.Builder recomputed = RecordBatch.builder(SCHEMA);
    for (int i = 0; i < rows; i++) {
      String city = error != 0 && i == 3 ? "<script>alert(1)</script>" : "Bern";
      logged.add("card" + i, 1L, i + (i % 4 == 0 ? error * (i + 1) : 0), city, 4711.25);
      recomputed.add("card" + i, 1L, (double) i, "Bern", error == 0 ? 4711.25 : 4712.5);
    }
    logged.add("only logged", 1L, 1.0, "Bern", 1.0);
    SkewShard shard = new SkewShard(plan);
    shard.add(plan.prepare(Side.LOGGED, logged.build()));
    shard.add(plan.prepare(Side.RECOMPUTED, recomputed.build()));
    SkewStats stats = shard.finish();
    stats.addUnreadable(Side.LOGGED, "log.jsonl:7", "not <JSON>");
    return stats;
  }

  private static SkewSummary summary(SkewStats stats) {
    return SkewSummary.of(
        "card-skew",
        Instant.parse("2026-11-27T09:12:44.5Z"),
        Duration.ofMillis(1900),
        new Versions("0.1.0", "2.70.0", "17", "DirectRunner"),
        SkewLimits.DEFAULT,
        stats,
        text -> text.replace("Bern", "${CITY}"));
  }

  private static Document parse(SkewSummary summary) {
    Parser parser = Parser.htmlParser().setTrackErrors(20);
    Document document = Jsoup.parse(HtmlReport.render(summary), parser);
    assertEquals(List.of(), List.copyOf(parser.getErrors()), "the HTML is well formed");
    return document;
  }

  @Test
  void theWorstFeatureComesFirstAndLeadsToItsDifferences() {
    Document document = parse(summary(stats(20, 0.5)));

    assertEquals("card-skew: Failed", document.title());
    assertEquals(
        "✕ Failed 1 of 4 features matches in all of 20 pairs, in 1.9 s on DirectRunner started"
            + " 2026-11-27T09:12:44Z",
        document.select(".lead").text());
    assertEquals(
        List.of("secret", "mean", "<b>city", "count"),
        document.select("#features tbody th").eachText());
    assertEquals(
        List.of("0 %", "75 %", "95 %", "100 %"),
        document.select("#features td.share span").eachText());
    for (Element link : document.select("a[href^=#]")) {
      assertEquals(1, document.select(link.attr("href")).size(), link.outerHtml());
    }
    assertEquals(4, document.select("#features a").size());
    assertEquals("1 feature matches in every pair", document.select("summary").text());
    assertEquals(List.of("feature-4"), document.select("details article").eachAttr("id"));
    assertEquals(
        "card16 24.5 16.0 8.5", document.select("#feature-2 .pairs tbody tr").get(0).text());
    assertEquals(
        List.of("equal: 15 pairs", "0.1 to 1: 4 pairs", "1 to 10: 1 pair"),
        document.select("#feature-2 svg title").eachText());
    assertEquals("only logged", document.select(".keys code").text());
    assertEquals(
        List.of("Unreadable: log.jsonl:7: not <JSON>"),
        document.select("#rows .note").eachText().subList(1, 2));
  }

  @Test
  void foreignTextStaysTextAndWhatMustNotBeSeenIsNot() {
    String html = HtmlReport.render(summary(stats(20, 0.5)));
    String json = SkewVerdict.toJson(summary(stats(20, 0.5)));

    assertFalse(html.contains("<script") || html.contains("<b>city"), html);
    assertTrue(html.contains("&lt;script&gt;"), html);
    for (String shown : List.of(html, json)) {
      assertFalse(shown.contains("Bern"), shown);
      assertTrue(shown.contains("${CITY}"), shown);
      assertFalse(shown.contains("4711") || shown.contains("4712"), shown);
    }
  }

  @Test
  void whatAllMatchesHasNoDifferences() {
    Document document = parse(summary(stats(3, 0)));

    assertEquals("card-skew: Passed", document.title());
    assertEquals(List.of(), document.select("#differences > article").eachText());
    assertEquals("4 features match in every pair", document.select("summary").text());
    assertEquals(4, document.select("#features tbody tr").size());
  }

  @Test
  void noPairIsSaidWhereTheReasonStands() {
    Document document = parse(summary(stats(0, 0)));

    assertEquals(
        "nothing was compared: the recomputation is empty", document.select(".problem").text());
    assertEquals(List.of(), document.select("#features").eachText());
  }

  @Test
  void everyClassHasAStyle() {
    Set<String> unstyled = new TreeSet<>();
    Document document = parse(summary(stats(20, 0.5)));
    String style = document.select("style").get(0).data();
    document.getAllElements().forEach(element -> unstyled.addAll(element.classNames()));
    unstyled.removeIf(name -> style.contains("." + name));
    assertEquals(Set.of(), unstyled);
  }

  @Test
  void theVerdictIsReadAsItWasWritten() {
    SkewSummary summary = summary(stats(20, 0.5));
    assertEquals(summary, SkewVerdict.parse(SkewVerdict.toJson(summary)));
    assertEquals(summary(stats(0, 0)), SkewVerdict.parse(SkewVerdict.toJson(summary(stats(0, 0)))));
  }
}
