package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.Changes;
import io.featurebeam.aggregate.PerCategory;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class SpecWriterTest {

  @Example
  void exampleIsWrittenAsAPersonWould() {
    assertEquals(
        """
        name: flight-delays
        source: { parquet: { path: "data/flights-*.parquet" } }
        eventTime: date
        keys: [origin]
        validate:
          - { rule: matches, column: origin, pattern: "[A-Z]{3}" }
          - { rule: between, column: delay, min: -180, max: 1440 }
          - { rule: expression, cel: "origin != destination", onFail: warn }
        features:
          log_distance: { log1p: { column: distance } }
          delay_z: { standardize: { column: delay } }
        aggregate:
          - window: [1h, 6h, 1d, 7d]
            emit: everyEvent
            features:
              flights: count
              mean_delay: { mean: { column: delay } }
              late_share: { mean: { column: delay }, where: "delay > 15" }
        sink:
          parquet: { path: out/features, partitionBy: [day(date)] }
        rejects: { path: out/rejects }
        report: { path: out/report.html }
        """
            .replace("\"data/flights-*.parquet\"", "data/flights-*.parquet"),
        SpecWriter.toYaml(Specs.flights()));
  }

  @Example
  void runnerOptionsAreWrittenWithoutNeedlessQuotes() {
    assertEquals(
        """
        runner:
          flink: { parallelism: 4, flinkMaster: "host:8081", objectReuse: true }
          spark: { bundleSize: "007" }
        """,
        SpecWriter.toYaml(
                Specs.flights().toBuilder()
                    .runnerOption("flink", "parallelism", 4)
                    .runnerOption("flink", "flinkMaster", "host:8081")
                    .runnerOption("flink", "objectReuse", true)
                    .runnerOption("spark", "bundleSize", "007")
                    .build())
            .replaceFirst("(?s).*(?=runner:)", ""));
  }

  @Example
  void aUnionIsWrittenWithItsInputsAndTheirNames() {
    String yaml =
        """
        name: net
        source:
          union:
            payments: { parquet: { path: payments.parquet } }
            refunds:
              csv: { path: refunds.csv, columns: { account: string, at: timestamp } }
              columns: { account: user, at: time }
        eventTime: time
        keys: [user]
        aggregate:
          - { window: [1h], emit: everyEvent, rows: "input == 'payments'", features: { events: count } }
        """;
    PipelineSpec spec = Specs.parser().parse(yaml, "net.yaml");
    Map<String, FieldType> columns = new LinkedHashMap<>();
    columns.put("account", FieldType.STRING);
    columns.put("at", FieldType.TIMESTAMP);

    assertEquals(
        UnionSource.of(
                "payments",
                SourceSpec.parquet("payments.parquet"),
                "refunds",
                SourceSpec.Csv.of(List.of("refunds.csv"), columns))
            .renaming("refunds", Map.of("account", "user", "at", "time")),
        spec.source());
    assertEquals("input == 'payments'", spec.aggregate().get(0).rows());
    assertEquals(spec, Specs.parser().parse(SpecWriter.toYaml(spec), "written.yaml"));
  }

  @Property(tries = 500, seed = "42", edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenReadsBackEqual(@ForAll("specs") PipelineSpec spec) {
    String yaml = SpecWriter.toYaml(spec);
    PipelineSpec read = Specs.parser().parse(yaml, "written.yaml");
    assertEquals(spec, read, yaml);
    assertEquals(yaml, SpecWriter.toYaml(read)); // also what equals does not see: order
  }

  @Provide
  Arbitrary<PipelineSpec> specs() {
    Arbitrary<List<RuleSpec>> rules = rules().list().ofMaxSize(3);
    Arbitrary<Map<String, Use>> features = Arbitraries.maps(names(), features()).ofMaxSize(3);
    Arbitrary<List<AggregateSpec>> groups = groups().list().ofMaxSize(2);
    Arbitrary<List<String>> columns = texts().list().ofMaxSize(3);
    return Combinators.combine(
            sources(), rules, features, groups, sinks(), columns, fits(), texts().injectNull(0.5))
        .as(
            (source, rule, feature, group, sinks, list, fit, text) -> {
              PipelineSpecBuilder builder =
                  PipelineSpec.builder("n")
                      .source(source)
                      .eventTime("t")
                      .keys("k")
                      .sequence(text)
                      .dedupe(new DedupeSpec(list, list.size() > 1 ? 90_000_000L : 0))
                      .validate(rule.toArray(RuleSpec[]::new))
                      .aggregate(group.toArray(AggregateSpec[]::new))
                      .sink(sinks.toArray(SinkSpec[]::new))
                      .fit(fit)
                      .mask(list.toArray(String[]::new))
                      .report(text);
              list.forEach(option -> builder.runnerOption("flink", option, option));
              feature.forEach(builder::feature);
              return builder.build();
            });
  }

  /** Also what YAML could take for something else, and what needs escapes. */
  private static Arbitrary<String> texts() {
    Arbitrary<String> odd =
        Arbitraries.of(
            "null",
            "~",
            "true",
            "No",
            "1",
            "1e5",
            "0x1F",
            ".nan",
            "-",
            "- a",
            "a: b",
            "a #b",
            "*x",
            "&x",
            "!x",
            "%x",
            "@x",
            "`",
            "\"",
            "'",
            "\\",
            "${X}",
            "$${",
            "$",
            "\n",
            "a\tb",
            "\u0085",
            "\u2028",
            "\ud83d\ude00",
            "é",
            "2001-01-31",
            "[a]",
            "{a}",
            "a,b",
            "99999999999999999999");
    return Arbitraries.oneOf(
            odd, Arbitraries.strings().withCharRange(' ', '\u00ff').ofMinLength(1).ofMaxLength(12))
        .filter(text -> !text.isBlank());
  }

  private static Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.of("null", "true", "yes", "_", "a.b", "count", "mean"),
        Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8));
  }

  private static Arbitrary<SourceSpec> sources() {
    Arbitrary<List<String>> paths = texts().list().ofMinSize(1).ofMaxSize(3);
    Arbitrary<Map<String, FieldType>> types =
        Arbitraries.maps(
                texts(),
                Arbitraries.of(FieldType.INT64, FieldType.DATE, FieldType.listOf(FieldType.STRING)))
            .ofMinSize(1)
            .ofMaxSize(4);
    Arbitrary<Character> characters = Arbitraries.of('"', '\'', '\\', '#', SourceSpec.Dialect.NONE);
    Arbitrary<SourceSpec.Dialect> dialects =
        Combinators.combine(
                Arbitraries.of(',', ';', '\t', '|', '\u0001'),
                characters.list().ofSize(3).filter(SpecWriterTest::isDistinct),
                Arbitraries.of(true, false))
            .as(
                (delimiter, c, trim) ->
                    new SourceSpec.Dialect(delimiter, c.get(0), c.get(1), c.get(2), trim));
    Arbitrary<Long> limits = Arbitraries.longs().between(16, 256L << 20);
    Arbitrary<String> formats = Arbitraries.of("yyyy-MM", "iso", "epoch-seconds", "epoch-micros");
    Arbitrary<SourceSpec> csv =
        Combinators.combine(
                paths,
                types,
                Arbitraries.of(true, false),
                dialects,
                texts(),
                Arbitraries.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1),
                formats,
                limits)
            .as(
                (path, type, header, dialect, text, encoding, format, limit) ->
                    new SourceSpec.Csv(
                        path,
                        type,
                        header,
                        dialect,
                        List.of("", text),
                        encoding,
                        Map.of(text, format),
                        limit));
    return Arbitraries.oneOf(
        paths.map(path -> new SourceSpec.Parquet(path, List.of())),
        paths.map(path -> new SourceSpec.Avro(path, path)),
        Combinators.combine(paths, types, texts(), formats, limits)
            .as(
                (path, type, text, format, limit) ->
                    new SourceSpec.Json(path, type, Map.of(text, format), limit)),
        texts().map(text -> new SourceSpec.Provided(Use.of("queue", "topic", text))),
        csv);
  }

  @Test
  void historyAndStreamReadBackEqual() {
    PipelineSpec spec =
        PipelineSpec.builder("n")
            .source(
                new SourceSpec.Hybrid(SourceSpec.parquet("a"), SourceSpec.parquet("b"), 1_000_000L))
            .eventTime("t")
            .dedupe(DedupeSpec.by("id").within("24h"))
            .build();
    assertEquals(spec, Specs.parser().parse(SpecWriter.toYaml(spec), "f.yaml"));
  }

  private static boolean isDistinct(List<Character> characters) {
    List<Character> given = characters.stream().filter(c -> c != SourceSpec.Dialect.NONE).toList();
    return given.stream().distinct().count() == given.size();
  }

  private static Arbitrary<RuleSpec> rules() {
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            texts().map(t -> (Object) t),
            Arbitraries.longs().map(l -> (Object) l),
            Arbitraries.doubles().map(d -> (Object) d),
            Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, true, false));
    Arbitrary<Use> sets =
        Combinators.combine(texts(), values.list().ofMaxSize(4))
            .as((text, list) -> Use.of("in_set", "column", text, "values", list));
    Arbitrary<Use> pairs =
        Combinators.combine(texts(), values.list().ofSize(2).list().ofMaxSize(3))
            .as(
                (text, list) ->
                    Use.of("pair_in_set", "column", text, "pairs", list, "when", "a > 1"));
    return Combinators.combine(
            Arbitraries.oneOf(sets, pairs), Arbitraries.of(RuleSpec.OnFail.values()))
        .as(RuleSpec::new);
  }

  private static Arbitrary<Use> features() {
    return Combinators.combine(
            texts(), Arbitraries.doubles().list().ofMaxSize(4), Arbitraries.longs())
        .as(
            (text, bounds, offset) -> {
              Map<String, Object> settings = new LinkedHashMap<>();
              settings.put("column", text);
              settings.put("bounds", bounds);
              settings.put("offset", offset);
              return new Use("bucketize", settings);
            });
  }

  private static Arbitrary<AggregateSpec> groups() {
    Arbitrary<List<Window>> windows =
        Combinators.combine(
                Arbitraries.longs().between(1, 400 * 86_400_000_000L), Arbitraries.of(true, false))
            .as(Window::new)
            .list()
            .uniqueElements()
            .ofMinSize(1)
            .ofMaxSize(3);
    Arbitrary<WindowBounds> bounds =
        Combinators.combine(
                Arbitraries.of(true, false),
                Arbitraries.of(true, false),
                Arbitraries.longs().between(0, 100_000_000),
                Arbitraries.integers().between(0, 100),
                Arbitraries.of(WindowBounds.Ties.ALL, WindowBounds.Ties.BEFORE))
            .as(
                (left, right, micros, cap, ties) ->
                    new WindowBounds(left, right, micros, micros / 7, cap, false, cap / 3, ties));
    Arbitrary<List<String>> keys = texts().list().ofMaxSize(2);
    Arbitrary<Per> pers =
        Combinators.combine(
                texts(),
                Arbitraries.of(
                    List.<Object>of(),
                    List.<Object>of("a", "b c"),
                    List.<Object>of(7L),
                    List.<Object>of(true)),
                Arbitraries.of(100, 100, 7),
                Arbitraries.of(PerCategory.By.values()).injectNull(0.5))
            .as(
                (column, values, max, by) -> {
                  Per per = new Per(column, values, values.isEmpty() ? max : 100);
                  return by == null || !values.isEmpty() ? per : per.withTop(max, by);
                });
    return Combinators.combine(
            windows, bounds, keys, names(), texts().injectNull(0.5), pers.injectNull(0.5))
        .as(
            (window, bound, key, name, where, per) ->
                new AggregateSpec(
                    window,
                    window.size() == 1
                        ? Emission.windowClose()
                        : Emission.every(bound.delayMicros() + 1).withEarly(bound.delayMicros()),
                    window.size() == 1
                        ? WindowBounds.DEFAULT.withRowCap(bound.rowCap())
                        : bound.withHop(
                            window.stream().anyMatch(Window::isSession) ? 0 : bound.hopMicros()),
                    key,
                    List.of(
                        AggregateColumn.of(name, Use.of("count")),
                        new AggregateColumn(
                            name + "_2", Use.of("mean", "column", "x"), where, per)),
                    null,
                    where == null
                            && bound.rowCap() == 0
                            && bound.ties() == WindowBounds.Ties.ALL
                            && window.stream().noneMatch(Window::isSession)
                        ? new Changes("op", List.of("d", "true"))
                        : null));
  }

  /** Some topics, and at most one folder of files. */
  private static Arbitrary<List<SinkSpec>> sinks() {
    Arbitrary<SinkSpec> topics =
        Combinators.combine(texts(), texts().injectNull(0.5))
            .as((topic, where) -> SinkSpec.kafka(KafkaSink.json("a:1", topic)).where(where));
    return Combinators.combine(topics.list().ofMaxSize(2), tables().injectNull(0.5), files())
        .as(
            (some, table, files) -> {
              List<SinkSpec> all = new ArrayList<>(some);
              if (table != null) {
                all.add(table);
              }
              if (files != null) {
                all.add(files);
              }
              return all;
            });
  }

  private static Arbitrary<SinkSpec> tables() {
    return Combinators.combine(
            texts(),
            texts().injectNull(0.5),
            texts().injectNull(0.5),
            Arbitraries.longs().between(0, 1_000_000_000_000L),
            Arbitraries.of(true, false),
            texts().injectNull(0.5))
        .as(
            (url, table, password, ttl, flag, where) ->
                SinkSpec.jdbc(new JdbcSink(url, table, "public", "u", password, ttl, flag, !flag))
                    .where(where));
  }

  private static Arbitrary<SinkSpec> files() {
    return Combinators.combine(
            Arbitraries.of(SinkSpec.Format.PARQUET, SinkSpec.Format.JSON, SinkSpec.Format.CSV),
            texts(),
            Arbitraries.of(null, SinkSpec.Compression.NONE, SinkSpec.Compression.GZIP),
            Arbitraries.longs().greaterOrEqual(1),
            Arbitraries.of(true, false),
            texts().injectNull(0.5))
        .as(
            (format, path, compression, size, overwrite, where) ->
                new SinkSpec(
                        format,
                        path,
                        List.of(
                            SinkSpec.Partition.parse("day(t)"),
                            SinkSpec.Partition.parse("country")),
                        compression,
                        size,
                        overwrite)
                    .where(where))
        .injectNull(0.2);
  }

  private static Arbitrary<FitSpec> fits() {
    return Combinators.combine(
            texts(),
            Arbitraries.longs().between(-62_000_000_000_000_000L, 200_000_000_000_000_000L))
        .as((path, from) -> new FitSpec(path, from, from + 86_400_000_001L))
        .injectNull(0.5);
  }
}
