package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Specs.errors;
import static io.featurebeam.pipelines.spec.Specs.minimal;
import static io.featurebeam.pipelines.spec.Specs.parser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.PerCategory;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecParserTest {

  @Test
  void exampleEqualsWhatJavaBuilds() {
    assertEquals(Specs.flights(), parser().parse(Specs.FLIGHTS, "flights.yaml"));
  }

  @Test
  void leftOutKeysHaveTheirDefaults() {
    PipelineSpec spec =
        parser()
            .parse(
                minimal(
                    """
                    keys: k
                    validate: [{ rule: not_null, column: k }]
                    aggregate: { window: 1h, features: { n: count } }
                    sink: { csv: { path: out } }
                    rejects: { path: bad }
                    """),
                "f.yaml");
    assertEquals(RuleSpec.OnFail.REJECT, spec.validate().get(0).onFail());
    AggregateSpec group = spec.aggregate().get(0);
    assertEquals(Emission.everyEvent(), group.emit());
    assertEquals(WindowBounds.DEFAULT, group.bounds());
    assertEquals(List.of(), group.keys());
    assertEquals(List.of("k"), spec.keysOf(group));
    assertEquals(
        new SinkSpec(SinkSpec.Format.CSV, "out", List.of(), null, 128L << 20, false),
        spec.sinks().get(0));
    assertEquals(RejectsSpec.parquet("bad"), spec.rejects());
    assertEquals(DedupeSpec.NONE, spec.dedupe());
  }

  @Test
  void csvSourceTakesEveryKey() {
    PipelineSpec spec =
        parser()
            .parse(
                """
                name: n
                source:
                  csv:
                    path: [a.csv, b.csv]
                    delimiter: "\\t"
                    quote: none
                    escape: "\\\\"
                    comment: "#"
                    trim: true
                    encoding: ISO-8859-1
                    maxRecord: 2MiB
                    header: false
                    columns: { t: timestamp, x: float64, tags: list<string> }
                    nulls: ["", NA, -999]
                    timestampFormats: { t: yyyy/MM/dd HH:mm }
                eventTime: t
                """,
                "f.yaml");
    SourceSpec.Csv csv = (SourceSpec.Csv) spec.source();
    assertEquals(List.of("a.csv", "b.csv"), csv.paths());
    assertEquals(new SourceSpec.Dialect('\t', '\0', '\\', '#', true), csv.dialect());
    assertEquals(StandardCharsets.ISO_8859_1, csv.encoding());
    assertEquals(2 << 20, csv.maxRecord());
    assertEquals(false, csv.header());
    assertEquals(List.of("t", "x", "tags"), List.copyOf(csv.columns().keySet()));
    assertEquals(FieldType.listOf(FieldType.STRING), csv.columns().get("tags"));
    assertEquals(List.of("", "NA", "-999"), csv.nulls());
    assertEquals(Map.of("t", "yyyy/MM/dd HH:mm"), csv.timestampFormats());
  }

  private static String csv(String keys) {
    return "name: n\nsource:\n  csv: { path: in, " + keys + " }\neventTime: t\n";
  }

  @Test
  void csvSourceHasTheDefaultsOfRfc4180() {
    SourceSpec.Csv csv = (SourceSpec.Csv) parser().parse(csv("header: true"), "f.yaml").source();
    assertEquals(SourceSpec.Csv.of(List.of("in"), Map.of()), csv);
    assertEquals(new SourceSpec.Dialect(',', '"', '\0', '\0', false), csv.dialect());
    assertEquals(StandardCharsets.UTF_8, csv.encoding());
    assertEquals(1 << 20, csv.maxRecord());
  }

  @Test
  void jsonSourceTakesEveryKey() {
    PipelineSpec spec =
        parser()
            .parse(
                """
                name: n
                source:
                  json:
                    path: in
                    columns: { t: timestamp }
                    timestampFormats: { t: epoch-millis }
                    maxRecord: 64KiB
                eventTime: t
                """,
                "f.yaml");
    assertEquals(
        new SourceSpec.Json(
            List.of("in"), Map.of("t", FieldType.TIMESTAMP), Map.of("t", "epoch-millis"), 64 << 10),
        spec.source());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          delimiter: ab | 3:31: source.csv.delimiter: Invalid delimiter: 'ab' (must be one character); use for example ;
          delimiter: none | 3:31: source.csv.delimiter: Invalid delimiter: 'none' (must be one character); use for example ;
          quote: ab | 3:27: source.csv.quote: Invalid quote: 'ab' (must be one character, or none); use for example '
          quote: "," | 3:8: source.csv: Invalid quote: ',' (must not be that of the delimiter)
          comment: é | 3:8: source.csv: Invalid comment: 'é' (must be an ASCII character other than a line break)
          encoding: UTF-16 | 3:30: source.csv.encoding: Invalid encoding: 'UTF-16' (must be UTF-8, ISO-8859-1)
          maxRecord: 1GiB | 3:8: source.csv: Invalid maxRecord: 1GiB (must be 16B to 256MiB)
          timestampFormats: { t: epoch-days } | 3:43: source.csv.timestampFormats.t: Invalid t: 'epoch-days' (Unknown pattern letter: o); use for example yyyy/MM/dd HH:mm
          """)
  void wrongCsvKeysAreTold(String keys, String message) {
    assertEquals("f.yaml:" + message, Specs.errors(csv(keys)));
  }

  @Test
  void windowsEmissionAndBoundsAreRead() {
    PipelineSpec spec =
        parser()
            .parse(
                minimal(
                    """
                    keys: [k]
                    aggregate:
                      - window: [24h, lifetime]
                        emit: { every: 1h }
                        profile: feathr
                        bounds: { delay: 5m, rowCap: 100 }
                        features: { n: count }
                      - { window: 2w, every: 30s, profile: feast, keys: [a, b], features: { n: count } }
                      - { window: 1h, emit: windowClose, features: { n: count } }
                      - { window: [1h, { session: 90m }], features: { n: count } }
                      - { window: 1h, every: 1h, early: 10s, features: { n: count } }
                      - { window: 1h, profile: openmldb, features: { n: count } }
                      - window: lifetime
                        profile: openmldb
                        bounds: { rowCap: 3, rowDelay: 2, ties: none }
                        features: { n: { count: , per: { column: a, top: 2, by: value } } }
                    """),
                "f.yaml");
    AggregateSpec first = spec.aggregate().get(0);
    assertEquals(List.of(Window.of("1d"), Window.LIFETIME), first.windows());
    assertEquals(Emission.every(3_600_000_000L), first.emit());
    assertEquals(WindowBounds.FEATHR.withDelay(300_000_000L).withRowCap(100), first.bounds());
    AggregateSpec second = spec.aggregate().get(1);
    assertEquals(Emission.every(30_000_000L), second.emit());
    assertEquals(WindowBounds.FEAST, second.bounds());
    assertEquals(List.of("a", "b"), spec.keysOf(second));
    assertEquals(Emission.windowClose(), spec.aggregate().get(2).emit());
    assertEquals(
        List.of(Window.of("1h"), Window.session(5_400_000_000L)),
        spec.aggregate().get(3).windows());
    assertEquals(
        Emission.every(3_600_000_000L).withEarly(10_000_000L), spec.aggregate().get(4).emit());
    assertEquals(WindowBounds.OPENMLDB, spec.aggregate().get(5).bounds());
    AggregateSpec last = spec.aggregate().get(6);
    assertEquals(
        WindowBounds.FEAST.withRowCap(3).withRowDelay(2).withTies(WindowBounds.Ties.NONE),
        last.bounds());
    assertEquals(Per.of("a").withTop(2, PerCategory.By.VALUE), last.columns().get(0).per());
  }

  @Test
  void settingsMayStandFlatNestedOrAlone() {
    PipelineSpec spec =
        parser()
            .parse(
                minimal(
                    """
                    features:
                      flat: { bucketize: x, bounds: [0, 1.5], closed: true }
                      nested: { bucketize: { column: x, bounds: [0, 1.5], closed: true } }
                      many: { cross: [a, b] }
                    """),
                "f.yaml");
    Use expected = Use.of("bucketize", "column", "x", "bounds", List.of(0, 1.5), "closed", true);
    assertEquals(expected, spec.features().get(0).use());
    assertEquals(expected, spec.features().get(1).use());
    assertEquals(Use.of("cross", "columns", List.of("a", "b")), spec.features().get(2).use());
  }

  @Test
  void aSourceOfAProviderIsReadByItsName() {
    PipelineSpec spec =
        parser()
            .withEnvironment(Map.of("PASSWORD", "hunter2"))
            .parse(
                """
                name: n
                source: { queue: { topic: flights, password: "${PASSWORD}" } }
                eventTime: t
                """,
                "f.yaml");
    assertEquals(
        new SourceSpec.Provided(Use.of("queue", "topic", "flights", "password", "hunter2")),
        spec.source());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nam: x | 4:1: nam: Unknown key: 'nam'; did you mean 'name'?
          keys: [] | no error
          keys: | 4:6: keys: Missing value (give one, or remove the key)
          keys: { a: b } | 4:7: keys: Invalid keys: keys and values (must be a column's name)
          keys: [[a]] | 4:8: keys[0]: Invalid keys: [a] (must be text)
          name: y | 4:1: Duplicate key: 'name' (must be given once; first in line 1)
          sequence: [a] | 4:11: sequence: Invalid sequence: [a] (must be text)
          sink: out | 4:7: sink: Invalid sink: 'out' (must be keys and values: "key: value")
          sink: { parquet: { path: "" } } | 4:26: sink.parquet.path: Invalid path: '' (must not be empty); use for example data/flights.parquet
          sink: { orc: { path: x } } | 4:9: sink.orc: Unknown key: 'orc'; known: parquet, json, csv, tfrecord, numpy, kafka, redis, jdbc
          sink: { csv: { path: x }, json: { path: y } } | 4:7: sink: 2 keys given (must be exactly one of parquet, json, csv, tfrecord, numpy, kafka, redis, jdbc)
          sink: { csv: { path: x, compression: lz4 } } | 4:38: sink.csv.compression: Invalid compression: 'lz4' (must be none, gzip, zstd)
          sink: { parquet: { path: x, partitionBy: "dey(t)" } } | 4:42: sink.parquet.partitionBy: Invalid partition: 'dey(t)' (must be a column or year, month, day or hour of one); use for example day(date)
          sink: { parquet: { path: x, fileSize: 12 } } | 4:39: sink.parquet.fileSize: Invalid size: '12' (must be a number > 0 and B, KiB, MiB or GiB); use for example 128MiB
          sink: { parquet: { path: x, overwrite: maybe } } | 4:40: sink.parquet.overwrite: Invalid overwrite: 'maybe' (must be true or false)
          fit: { path: x, from: 2001-02-30, to: 2002-01-01 } | 4:23: fit.from: Invalid time: '2001-02-30' (must be a date or time that exists); use for example 2001-01-31 or 2001-01-31T08:00:00Z
          fit: { path: x, from: 2002-01-01, to: 2001-01-01 } | 4:6: fit: Invalid training range: from 2002-01-01 to 2001-01-01 (from must be before to)
          validate: [{ rule: not_nul, column: a }] | 4:20: validate[0].rule: Unknown rule: 'not_nul'; did you mean 'not_null'?
          validate: [{ column: a }] | 4:12: validate[0]: Missing key: 'rule': the rule's name; use for example { rule: not_null, column: name }
          validate: [{ rule: between, column: a, mni: 1 }] | 4:40: validate[0].mni: Unknown setting of 'between': 'mni'; did you mean 'min'?
          validate: [{ rule: between, column: a, min: x }] | 4:45: validate[0].min: Invalid min: 'x' (must be a number)
          validate: [{ rule: between, column: a, min: 2, max: 1 }] | 4:45: validate[0].min: Invalid min: 2.0 (must be <= max 1.0)
          validate: [{ rule: between, min: 2 }] | 4:12: validate[0]: Missing 'column' of 'between': The column to check.
          validate: [{ rule: not_null, column: a, onFail: explode }] | 4:49: validate[0].onFail: Invalid onFail: 'explode' (must be reject, warn or fail)
          validate: [{ rule: fresh, column: a, within: 0s }] | 4:46: validate[0].within: Invalid within: '0s' (must be > 0); use for example 1h
          validate: [{ rule: in_set, column: a, values: [1, [2]] }] | 4:47: validate[0].values: Invalid values: a list (must be values)
          features: { f: log1 } | 4:16: features.f: Unknown feature: 'log1'; did you mean 'log1p'?
          features: { f: log1p } | 4:16: features.f: Missing 'column' of 'log1p': The column to check.
          features: { f: { log1p: x, column: y } } | 4:28: features.f.column: Duplicate key: 'column' (must be given once)
          features: { "a b": { log1p: x } } | 4:13: features.a b: Invalid name: 'a b' (must start with a letter or _, then letters, digits, _ . or -, at most 128)
          features: { f: { bucketize: x, bounds: [1], offset: 99999999999999999999 } } | 4:53: features.f.offset: Invalid number: 99999999999999999999 (must fit in 64 bits)
          aggregate: { window: 1h, features: { n: count } } | 1:1: Invalid keys: none given (aggregates need entity keys); use for example keys: [user]
          aggregate: { window: [1h, 60m], keys: k, features: { n: count } } | 4:12: aggregate: Invalid window: '1h' (this length is given twice)
          aggregate: { window: 1h, keys: k, features: { n: { count: , wher: x } } } | 4:61: aggregate.features.n.wher: Unknown setting of 'count': 'wher'; did you mean 'where'?
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: [a] } } } | 4:66: aggregate.features.n.per.column: Invalid column: [a] (must be text)
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: } } } | 4:65: aggregate.features.n.per: Missing 'column' of 'per': The category, a string, int64, boolean, timestamp, date or time column; null counts nowhere.
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, vales: [x] } } } } | 4:79: aggregate.features.n.per.vales: Unknown setting of 'per': 'vales'; did you mean 'values'?
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, values: [x, x] } } } } | 4:66: aggregate.features.n.per: Invalid values: 'x' (is given twice)
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, values: [1.5] } } } } | 4:66: aggregate.features.n.per: Invalid values: 1.5 (must be texts, whole numbers, true or false)
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, values: [x], maxCategories: 3 } } } } | 4:66: aggregate.features.n.per: Invalid maxCategories: given beside values (the declared ones are as many as they are; leave one out)
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, maxCategories: 99999 } } } } | 4:66: aggregate.features.n.per: Invalid maxCategories: 99999 (must be 1 to 10000)
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, values: [x], top: 3 } } } } | 4:66: aggregate.features.n.per: Invalid top: given beside values (each declared one has its column; leave one out)
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, top: 0 } } } } | 4:66: aggregate.features.n.per: Invalid top: 0 (must be 1 to 10000)
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, by: key } } } } | 4:66: aggregate.features.n.per: Invalid by: given without top (say how many)
          aggregate: { window: 1h, keys: k, features: { n: { count: , per: { column: a, top: 1, by: size } } } } | 4:66: aggregate.features.n.per: Invalid by: 'size' (must be key or value)
          aggregate: { window: 1h, keys: k, bounds: { rowDelay: -1 }, features: { n: count } } | 4:12: aggregate: Invalid rowDelay: -1 (must be 0 to 2147483647)
          aggregate: { window: 1h, keys: k, every: 1h, bounds: { ties: none }, features: { n: count } } | 4:12: aggregate: Invalid ties: none (only a row per event has a time of its own; use emit: everyEvent)
          aggregate: { window: 1h, keys: k, every: 1h, emit: everyEvent, features: { n: count } } | 4:12: aggregate: Invalid every: given beside emit (must be one of them: every is short for emit: every)
          aggregate: { window: 1h, keys: k, features: {} } | 4:12: aggregate: Invalid features: none given (must be at least one)
          aggregate: { window: [1h, 2h], keys: k, emit: windowClose, features: { n: count } } | 4:12: aggregate: Invalid window: [1h, 2h] (emit: windowClose needs exactly one, not lifetime; use everyEvent or every: 1h)
          aggregate: { window: 1h, keys: k, bounds: { rowCap: -1 }, features: { n: count } } | 4:12: aggregate: Invalid rowCap: -1 (must be 1 to 2147483647; leave it out to count all)
          aggregate: { window: 1h, keys: k, bounds: { rowCap: 0 }, features: { n: count } } | 4:12: aggregate: Invalid rowCap: 0 (must be 1 to 2147483647; leave it out to count all)
          aggregate: { window: 1h, keys: k, emit: windowClose, bounds: { delay: 5m }, features: { n: count } } | 4:12: aggregate: Invalid bounds: not those of [t - w, t) (emit: windowClose counts each event in the one window that holds it; leave left, right, delay, hop and profile out, or use every: 1h)
          aggregate: { window: 1h, keys: k, emit: windowClose, profile: feathr, features: { n: count } } | 4:12: aggregate: Invalid bounds: not those of [t - w, t) (emit: windowClose counts each event in the one window that holds it; leave left, right, delay, hop and profile out, or use every: 1h)
          aggregate: { window: -5m, keys: k, features: { n: count } } | 4:22: aggregate.window: Invalid window: '-5m' (must be > 0); use for example 1h
          aggregate: { window: { session: 0s }, keys: k, features: { n: count } } | 4:33: aggregate.window.session: Invalid session: '0s' (must be > 0); use for example 1h
          aggregate: { window: [1h, { session: 1m, sesion: 1m }], keys: k, features: { n: count } } | 4:42: aggregate.window[1].sesion: Unknown key: 'sesion'; did you mean 'session'?
          aggregate: { window: { session: 1h }, keys: k, profile: chronon, features: { n: count } } | 4:12: aggregate: Invalid hop: 1d (a session begins with an event, which nothing rounds; leave hop and profile chronon out, or put the session into a group of its own)
          aggregate: { window: { session: 1h }, keys: k, emit: windowClose, profile: feast, features: { n: count } } | 4:12: aggregate: Invalid bounds: not those of [t - w, t) (emit: windowClose counts each event in the one window that holds it; leave left, right, delay, hop and profile out, or use every: 1h)
          aggregate: { window: 1h, keys: k, early: 10s, features: { n: count } } | 4:12: aggregate: Invalid early: 10s (a row of everyEvent comes out at once; leave it out, or emit every or windowClose)
          aggregate: { window: { session: 1h }, keys: k, emit: windowClose, early: 10s, features: { n: count } } | 4:12: aggregate: Invalid early: 10s (the row of a session comes once, when it is over; use every: 1h to see one that is open)
          aggregate: { window: 999999999999w, keys: k, features: { n: count } } | 4:22: aggregate.window: Invalid window: '999999999999w' (must be at most 292,000 years); use for example 1h
          mask: !!str a | 4:7: Invalid tag: 'tag:yaml.org,2002:str' (tags are not supported; remove it)
          mask: *a | 4:7: Unknown alias: '*a' (its anchor must be complete before)
          mask: ${A B} | 4:7: mask: Invalid variable: '${A B}' (must be ${NAME} of letters, digits and _; use $${ for a plain ${)
          mask: ${ABSENT} | 4:7: mask: Missing environment variable: ABSENT (set it, or give the value with --set)
          mask: [a | 5:1: Invalid YAML: while parsing a flow sequence: expected ',' or ']', but got <stream end>
          """)
  void mistakeIsToldWithPlaceValueRuleAndWayOut(String line, String expected) {
    String actual = errors(minimal(line + "\n"));
    assertEquals(
        expected.equals("no error") ? "no error" : "f.yaml:" + expected,
        expected.equals("no error") ? actual.substring(0, 8) : actual);
  }

  @Test
  void everyMistakeIsToldAtOnceInTheOrderOfTheFile() {
    String yaml =
        """
        name: flights
        source: { parquet: { path: in } }
        eventTime: t
        keys: [k]
        sink: { parquet: { pth: out } }
        aggregate:
          - window: [1h, 6h, 0h]
            features: { n: count }
        key: [x]
        """;
    SpecException thrown =
        assertThrows(SpecException.class, () -> parser().parse(yaml, "flights.yaml"));
    assertEquals(
        """
        flights.yaml:5:18: sink.parquet: Missing key: 'path': The folder.
            sink: { parquet: { pth: out } }
                             ^
        flights.yaml:5:20: sink.parquet.pth: Unknown key: 'pth'; did you mean 'path'?
            sink: { parquet: { pth: out } }
                               ^
        flights.yaml:7:22: aggregate[0].window[2]: Invalid window: '0h' (must be > 0); use for example 1h
              - window: [1h, 6h, 0h]
                                 ^
        flights.yaml:9:1: key: Unknown key: 'key'; did you mean 'keys'?
            key: [x]
            ^\
        """,
        thrown.getMessage());
  }

  @Test
  void emptyFileNamesWhatEverySpecNeeds() {
    assertEquals(
        "f.yaml:1:1: Empty spec (must have at least name, source and eventTime)", errors(""));
    assertEquals(
        """
        f.yaml:1:1: Missing key: 'name': Names the run, its steps and its report.
        f.yaml:1:1: Missing key: 'source': Where events are read from.
        f.yaml:1:1: Missing key: 'eventTime': The timestamp column that says when an event happened.\
        """,
        errors("{}"));
  }

  @Test
  void onlyOneDocumentIsTaken() {
    assertEquals(
        "f.yaml:2:1: Invalid YAML: a second document (must be one)", errors("{}\n---\n{}\n"));
  }

  @Test
  void aliasesThatMultiplyAreRefusedBeforeTheyFillTheMemory() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      yaml.append("a").append(i).append(": &a").append(i).append(" [");
      yaml.append(String.join(", ", List.of(alias, alias, alias, alias, alias, alias)))
          .append("]\n");
    }
    assertTrue(
        errors(yaml.toString()).endsWith("Invalid YAML: too large (must be at most 50000 values)"),
        errors(yaml.toString()));
  }

  @Test
  void nestingBeyondTheLimitIsRefused() {
    assertEquals(
        "f.yaml:1:33: Invalid YAML: nested too deep (must be at most 32)",
        errors("[".repeat(100_000)));
  }

  @Test
  void textBeyondTheLimitIsRefused() {
    assertEquals(
        "f.yaml: Invalid size: 1048577 characters (must be at most 1048576)",
        errors("#".repeat((1 << 20) + 1)));
  }

  @Test
  void longLineIsCutAroundThePlace() {
    String yaml = minimal("mask: [" + "abcdefghi, ".repeat(50) + "{ }]");
    SpecException thrown = assertThrows(SpecException.class, () -> parser().parse(yaml, "f.yaml"));
    List<String> lines = thrown.getMessage().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(1).length() <= 104, lines.get(1));
    assertEquals('{', lines.get(1).charAt(lines.get(2).indexOf('^')));
  }

  @Test
  void missingFileFolderAndForeignEncodingAreTold(@TempDir Path folder) throws IOException {
    Path absent = folder.resolve("absent.yaml");
    assertEquals(
        absent + ": Missing file (no such file in " + folder + ")",
        assertThrows(SpecException.class, () -> parser().parse(absent)).getMessage());
    assertEquals(
        folder + ": Invalid file: is a folder (must be a YAML file)",
        assertThrows(SpecException.class, () -> parser().parse(folder)).getMessage());
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, new byte[] {'n', ':', ' ', (byte) 0xE9});
    assertEquals(
        latin + ": Invalid file: not UTF-8 in line 1 (byte 0xE9 at 3; save it as UTF-8)",
        assertThrows(SpecException.class, () -> parser().parse(latin)).getMessage());
  }

  @Test
  void placesOfPartsAreKnown() {
    ParsedSpec parsed = parser().read(Specs.FLIGHTS, "flights.yaml");
    assertEquals("flights.yaml:14:22", parsed.locations().of("aggregate[0].window[2]").toString());
    assertEquals(
        "flights.yaml:18:27",
        parsed.locations().of("aggregate[0].features.mean_delay.column").toString());
    assertEquals("flights.yaml:1:1", parsed.locations().of("nothing.known").toString());
  }
}
