package io.featurebeam.pipelines.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.report.RunSummary.Balance;
import io.featurebeam.pipelines.report.RunSummary.Output;
import io.featurebeam.pipelines.report.RunSummary.RuleCount;
import io.featurebeam.pipelines.report.RunSummary.Step;
import io.featurebeam.pipelines.report.RunSummary.Versions;
import io.featurebeam.pipelines.spec.RuleSpec.OnFail;
import io.featurebeam.profile.BatchProfile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.ParseErrorList;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlReportTest {

  private static String template() {
    return HtmlReport.resource("report.mustache") + HtmlReport.resource("card.mustache");
  }

  private static Document parse(RunSummary summary) {
    Parser parser = Parser.htmlParser().setTrackErrors(20);
    Document document = Jsoup.parse(HtmlReport.render(summary), parser);
    ParseErrorList errors = parser.getErrors();
    assertEquals(List.of(), List.copyOf(errors), "the HTML is well formed");
    return document;
  }

  private static List<String> texts(Document document, String query) {
    return document.select(query).eachText();
  }

  @Test
  void theHeaderSaysWhatRanAndHowItEnded() {
    Document document = parse(Runs.flights().build());

    assertEquals("flight-delays: Succeeded", document.title());
    assertEquals("flight-delays", document.select("h1").text());
    assertEquals(
        "✓ Succeeded 50,012 records read in 12.4 s on DirectRunner, the first after 3.1 s"
            + " started 2026-11-23T09:12:44Z",
        document.select(".lead").text());
    assertEquals(List.of("Rules", "Columns", "Steps", "Outputs", "Spec"), texts(document, "h2"));
  }

  @Test
  void theBalanceIsAnEquation() {
    Document document = parse(Runs.flights().build());

    assertEquals(
        "50,012 in = 49,800 used + 200 rejected + 10 late + 2 duplicate",
        document.select(".equation").text().replaceAll("\\s+", " "));
    assertEquals(
        List.of("used: 99.58 %", "rejected: 0.4 %", "late: 0.02 %", "duplicate: < 0.01 %"),
        document.select("svg.bar rect title").eachText());
    double width =
        document.select("svg.bar rect").stream()
            .mapToDouble(rect -> Double.parseDouble(rect.attr("width")))
            .sum();
    assertEquals(100, width, 0.05);
    assertEquals(0, document.select(".warning").size());
  }

  @Test
  void aRunThatDoesNotBalanceWarns() {
    Document document = parse(Runs.flights().balance(new Balance(10, 5, 1, 0, 0)).build());

    assertEquals("! Does not balance", document.select(".verdict.unbalanced").text());
    assertEquals(
        "4 records are not accounted for: this is an error of the program, please report it.",
        document.select(".warning").text());
  }

  @Test
  void aFailureIsShownWithItsReason() {
    Document document = parse(Runs.flights().failed("no space left\non out/features").build());

    assertEquals("✕ Failed", document.select(".verdict.failed").text());
    assertEquals(
        "no space left\non out/features", document.select("pre.problem").get(0).wholeText());
  }

  @Test
  void rulesShowCountsBarsAndFailingValues() {
    Document document = parse(Runs.flights().build());
    Element table = document.select("table.wide").get(0);

    assertEquals(
        List.of(
            "Rule", "If broken", "Checked", "Passed", "Failed", "Share failed", "Failing values"),
        table.select("thead th[scope=col]").eachText());
    assertEquals(
        List.of(
            "between(delay, -180, 1440) reject 50,012 49,832 180 0.36 % -300.0 (empty)",
            "matches(origin, [A-Z]{3}) warn 50,012 48,992 1,020 2.04 % none",
            "not_null(date) fail the run 50,012 50,012 0 0 % none"),
        table.select("tbody tr").eachText());
    assertEquals(List.of("1.5", "2.04", "0"), table.select("rect.failed").eachAttr("width"));
  }

  @Test
  void eachColumnHasACardThatFitsItsType() {
    Document document = parse(Runs.flights().build());

    assertEquals(
        List.of("origin string", "delay float64", "card string masked"), texts(document, "h3"));
    Element origin = document.select("article").get(0);
    assertEquals("100 values no nulls 2 distinct", origin.select(".counts").text());
    assertEquals(List.of("JFK 75 % 75", "SFO 25 % 25"), origin.select("tbody tr").eachText());
    Element delay = document.select("article").get(1);
    assertEquals("90 values 10 null (10 %) 90 distinct", delay.select(".counts").text());
    assertEquals(24, delay.select("figure svg rect").size());
    assertEquals("Histogram from 1 to 99", delay.select("figure svg").attr("aria-label"));
    assertEquals(
        "min 1 1 % 1 5 % 5 25 % 25 median 49 75 % 75 95 % 95 99 % 99 max 99"
            + " mean 50 std dev 29 zeros 0",
        delay.select("dl").text());
    Element card = document.select("article").get(2);
    assertEquals(
        "card string masked 100 values no nulls Values are hidden in reports, rejects and logs.",
        card.text());
    assertFalse(document.outerHtml().contains("4111"));
  }

  @Test
  void stepsOutputsSpecAndVersionsAreThere() {
    Document document = parse(Runs.flights().build());

    assertEquals(
        "Each step's own computing, 3.9 s over all threads. The whole run took 12.4 s, with starting,"
            + " shuffles and publishing.",
        document.select("#steps .note").text());
    assertEquals(
        List.of("Read 50,012 50,012 0 3.9 s", "Validate 50,012 49,812 200 –"),
        document.select("table.wide").get(1).select("tbody tr").eachText());
    assertEquals(
        List.of("features out/features 49,800 3 1.2 MB", "rejects out/rejects 200 1 14.0 kB"),
        document.select("table.wide").get(2).select("tbody tr").eachText());
    assertEquals(
        "name: flight-delays\nvalidate:\n  - { cel: \"a < b\" }\n",
        document.select("pre.spec").get(0).wholeText());
    assertEquals(
        "FeatureBeam 0.1.0 Apache Beam 2.70.0 Java 17.0.9 Runner DirectRunner",
        document.select("footer").text());
  }

  @Test
  void theContentsLinkToEachSection() {
    Document document = parse(Runs.flights().build());

    assertEquals(
        List.of("Rules 2 broken", "Columns 3", "Steps", "Outputs", "Spec"),
        texts(document, "nav li"));
    assertEquals(
        List.of("#rules", "#columns", "#steps", "#outputs", "#spec"),
        document.select("nav a").eachAttr("href"));
  }

  @Test
  void columnsBeyondFiftyAreFolded() {
    RecordSchema schema =
        RecordSchema.of(
            IntStream.range(0, 60).mapToObj(i -> Field.of("c" + i, FieldType.INT64)).toList());
    RunSummary run = Runs.flights().columns(BatchProfile.of(schema).columns()).build();
    Document document = parse(run);

    assertEquals(60, document.select("article").size());
    assertEquals("10 more columns", document.select("details > summary").text());
    assertEquals(
        List.of("c50", "c51", "c52", "c53", "c54", "c55", "c56", "c57", "c58", "c59"),
        texts(document, "details article h3 bdi"));
    assertEquals(0, parse(Runs.wide()).select("details").size());
  }

  @Test
  void aRunThatHasNotEndedSaysSo() {
    Document document = parse(RunSummary.builder("slow").running().spec("name: slow\n").build());

    assertEquals("slow: Not ended", document.title());
    assertEquals(
        "… Not ended This page is replaced when the run ends. If nothing runs any more, it was"
            + " stopped from outside, and the outputs are as before. started 1970-01-01T00:00:00Z",
        document.select(".lead").text());
    assertEquals(0, document.select(".balance, nav").size());
  }

  @Test
  void aRunThatFailedBeforeItCountedShowsNoBalance() {
    Document document =
        parse(
            RunSummary.builder("broken")
                .ran(Instant.EPOCH, Duration.ofSeconds(3))
                .failed("disk full")
                .build());

    assertEquals(
        "✕ Failed after 3.0 s on unknown started 1970-01-01T00:00:00Z",
        document.select(".lead").text());
    assertEquals(0, document.select(".balance").size());
  }

  @Test
  void aRunOverARangeSaysWhichRows() {
    Document document = parse(Runs.flights().range("rows with t before 2001-01-03").build());

    assertEquals("only rows with t before 2001-01-03", document.select("header .note").text());
  }

  @Test
  void quantilesOfManyValuesAreMarkedAsEstimates() {
    RecordSchema schema = RecordSchema.of(Field.of("x", FieldType.FLOAT64));
    BatchProfile profile = BatchProfile.of(schema);
    double[] values = new SplittableRandom(1).doubles(200_000).toArray();
    profile.add(RecordBatch.of(schema, values.length, List.of(DoubleColumn.of(values))));
    Document document = parse(Runs.flights().columns(profile.columns()).build());

    assertEquals("x float64 sampled", document.select("article h3").text());
    for (Element stat : document.select("dl.stats div")) {
      boolean quantile = stat.text().matches("(\\d+ %|median) .*");
      assertEquals(quantile, stat.select("dd").text().startsWith("≈ "), stat.text());
    }
  }

  @Test
  void anEmptyRunIsAReportToo() {
    Document document = parse(RunSummary.builder("empty").build());

    assertEquals(List.of(), texts(document, "h2"));
    assertEquals(0, document.select("svg.bar rect").size());
  }

  @Test
  void nothingIsFetchedAndNothingRuns() {
    Document document = parse(Runs.flights().build());

    assertEquals(
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        document.select("meta[http-equiv=Content-Security-Policy]").attr("content"));
    assertEquals(0, document.select("script, link, iframe, object, embed, img, form").size());
    for (Element link : document.select("a")) {
      assertNotNull(document.getElementById(link.attr("href").substring(1)), link.outerHtml());
      assertTrue(link.attr("href").startsWith("#"), link.outerHtml());
    }
    String css = HtmlReport.resource("report.css");
    assertFalse(css.contains("url(") || css.contains("@import") || css.contains("</"));
  }

  @Test
  void onlyTheStyleIsUnescapedInTheTemplate() {
    String template = template();
    Matcher unescaped = Pattern.compile("\\{\\{\\{[^}]*}}}|\\{\\{&[^}]*}}").matcher(template);
    assertTrue(unescaped.find());
    assertEquals("{{{css}}}", unescaped.group());
    assertFalse(unescaped.find(), "another unescaped place");
    assertFalse(
        Pattern.compile("=\\s*\\{\\{").matcher(template).find(), "an attribute without quotes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</style><script>alert(1)</script>",
        "</pre></title><!--",
        "{{{css}}}{{#rules}}",
        "\u202eevil\u2066\u0000\u001b[2J",
        "&lt;script&gt;",
        "]]><?php"
      })
  void hostileTextIsOnlyText(String hostile) {
    RecordSchema schema =
        RecordSchema.of(
            Field.of(hostile, FieldType.STRING), Field.of(hostile + 2, FieldType.STRING));
    BatchProfile profile = BatchProfile.of(schema, List.of(hostile + 2));
    profile.add(RecordBatch.builder(schema).add(hostile, hostile).build());
    RunSummary run =
        RunSummary.builder(hostile)
            .failed(hostile)
            .balance(Runs.BALANCE)
            .step(new Step(hostile, 1, 1, 1, Duration.ZERO))
            .rule(new RuleCount(hostile, OnFail.REJECT, 1, 1, List.of(hostile)))
            .output(new Output(hostile, hostile, 1, 1, 1))
            .report(hostile)
            .columns(profile.columns())
            .spec(hostile)
            .versions(new Versions(hostile, hostile, hostile, hostile))
            .build();
    Document document = parse(run);
    String shown = Wording.foreign(hostile, 100);

    assertEquals(shown, document.select("h1").text());
    assertEquals(shown, document.select("article h3 bdi").get(0).text());
    assertEquals(shown, document.select("article tbody th bdi").text());
    assertEquals(shown, document.select("pre.spec").get(0).wholeText());
    assertEquals(names(parse(Runs.flights().failed("x").build())), names(document));
    assertTrue(
        HtmlReport.render(run).codePoints().noneMatch(c -> c == 0 || c == 0x202e || c == 0x1b));
  }

  /** Every element and attribute name of a document. */
  private static Set<String> names(Document document) {
    Set<String> names = new TreeSet<>();
    for (Element element : document.getAllElements()) {
      // What depends on the columns and not on the text.
      if (element.closest("article") == null || element.tagName().equals("script")) {
        names.add(element.tagName());
        for (Attribute attribute : element.attributes()) {
          names.add(element.tagName() + " " + attribute.getKey());
        }
      }
    }
    return names;
  }

  @Test
  void aMegabyteOfTextIsShortened() {
    String big = "<b>" + "x".repeat(1 << 20);
    RecordSchema schema = RecordSchema.of(Field.of(big, FieldType.STRING));
    BatchProfile profile = BatchProfile.of(schema);
    profile.add(RecordBatch.builder(schema).add(big).build());
    String html =
        HtmlReport.render(
            RunSummary.builder(big)
                .failed(big)
                .rule(new RuleCount(big, OnFail.REJECT, 1, 1, List.of(big, big, big)))
                .columns(profile.columns())
                .spec(big)
                .build());

    assertTrue(html.length() < 100_000, () -> html.length() + " characters");
  }

  @Test
  void thirtyColumnsStayBelow300Kilobytes() {
    byte[] html = HtmlReport.render(Runs.wide()).getBytes(StandardCharsets.UTF_8);

    assertEquals(30, parse(Runs.wide()).select("article").size());
    assertTrue(html.length < 300_000, () -> html.length + " bytes");
  }

  @Test
  void peopleWithoutEyesOrColoursAreServed() {
    Document document = parse(Runs.flights().build());

    assertEquals("en", document.select("html").attr("lang"));
    assertNotNull(document.selectFirst("main"));
    for (Element table : document.select("table")) {
      assertFalse(table.select("thead th[scope=col]").isEmpty(), "column headers");
      assertFalse(table.select("tbody th[scope=row]").isEmpty(), "row headers");
    }
    for (Element svg : document.select("svg")) {
      assertTrue(svg.hasAttr("aria-label") || svg.hasAttr("aria-hidden"), svg.outerHtml());
    }
  }
}
