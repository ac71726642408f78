package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated files are those of the repository, and the schema judges as the parser does. */
final class SchemaTest {

  private static final String RENEW =
      "renew it: mvn -q -pl pipelines -am test -Dtest=SchemaTest -Dfeaturebeam.renew=true"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaWriter.write(TestProviders.all()));

  private static void assertCurrent(Path file, String generated) throws IOException {
    if (Boolean.getBoolean("featurebeam.renew")) {
      Files.writeString(file, generated, StandardCharsets.UTF_8);
    }
    assertEquals(
        generated, Files.readString(file, StandardCharsets.UTF_8), file + " is old; " + RENEW);
  }

  @Test
  void schemaInTheRepositoryIsCurrent() throws IOException {
    assertCurrent(
        Path.of("src/main/resources/featurebeam-spec.schema.json"),
        SchemaWriter.write(Providers.discovered()));
  }

  @Test
  void schemaOfTheSkewCheckIsCurrent() throws IOException {
    assertCurrent(
        Path.of("src/main/resources/featurebeam-skew.schema.json"),
        SchemaWriter.writeSkew(Providers.discovered()));
  }

  @Test
  void referenceInTheRepositoryIsCurrent() throws IOException {
    assertCurrent(Path.of("../docs/spec.md"), ReferenceWriter.write(Providers.discovered()));
  }

  private static List<Error> validate(String yaml) {
    return SCHEMA.validate(yaml, InputFormat.YAML);
  }

  private static void assertBothAccept(String yaml) {
    PipelineSpec spec =
        Specs.parser().withEnvironment(java.util.Map.of("CAP", "5")).parse(yaml, "good.yaml");
    assertEquals(List.of(), validate(yaml), () -> "of " + spec);
  }

  @Test
  void exampleIsGoodForBoth() {
    assertBothAccept(Specs.FLIGHTS);
  }

  @Test
  void writtenSpecIsGoodForBoth() {
    assertBothAccept(SpecWriter.toYaml(Specs.flights()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keys: k\naggregate: { window: 1h, features: { n: count } }\n",
        """
        keys: k
        aggregate: [{ window: [1h, lifetime, { session: 5m }], emit: { every: 1h }, early: 1s, features: { n: count } }]
        """,
        "keys: k\naggregate: { window: 1h, every: 5m, profile: feast, features: { n: count } }\n",
        "keys: k\naggregate: { window: 1h, bounds: { rowCap: 5 }, features: { n: count } }\n",
        """
        keys: k
        aggregate:
          window: 1h
          bounds:
            rowCap: ${CAP}
          features: { n: count }
        """,
        "features: { b: { bucketize: x, bounds: [1, 2.5], closed: true, offset: 3 } }\n",
        "features: { b: { bucketize: { column: x, bounds: 1 } } }\n",
        "features: { c: { cross: [a, b] } }\n",
        "validate: [{ rule: in_set, column: a, values: [1, x, true] }]\n",
        "validate: { rule: fresh, column: a, within: 7d, onFail: fail }\n",
        "validate: { rule: not_null, column: a, when: \"b > 1\", onFail: warn }\n",
        "validate: { rule: pair_in_set, column: a, pairs: [[1, x], [true, 2.5]] }\n",
        "fit: { path: s.json, from: 2001-01-01, to: \"2001-01-02T00:00:00Z\" }\n",
        "sink: { csv: { path: out, compression: gzip, fileSize: 1GiB, overwrite: true } }\n",
        "runner: { flink: { parallelism: 4, flinkMaster: x, objectReuse: true } }\n",
        "rejects: { path: out, format: json }\nmask: [a, b]\ntests: n.test.yaml\n",
      })
  void goodSpecIsGoodForBoth(String more) {
    assertBothAccept(Specs.minimal(more));
  }

  private static String csv(String keys) {
    return Specs.minimal("").replace("parquet: { path: in }", "csv: { path: in, " + keys + " }");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delimiter: \"\\t\", quote: \"'\", escape: none, comment: \"#\", trim: true",
        "quote: none, encoding: ISO-8859-1, maxRecord: 512KiB",
        "columns: { t: timestamp }, timestampFormats: { t: epoch-millis }, header: false",
      })
  void goodCsvIsGoodForBoth(String keys) {
    assertBothAccept(csv(keys));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"quote: ab", "delimiter: none", "encoding: utf8", "maxRecord: 12", "trim: 1"})
  void badCsvIsBadForBoth(String keys) {
    assertFalse(Specs.errors(csv(keys)).startsWith("no error"), keys);
    assertFalse(validate(csv(keys)).isEmpty(), keys);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ topic: t }", "{ topic: t, password: p }", "t"})
  void sourceOfAUsersOwnIsGoodForBoth(String settings) {
    assertBothAccept("name: n\nsource: { queue: " + settings + " }\neventTime: t\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ topics: t }", "{ password: p }", "{ topic: [t] }", "[t]"})
  void wrongSourceOfAUsersOwnIsBadForBoth(String settings) {
    String yaml = "name: n\nsource: { queue: " + settings + " }\neventTime: t\n";
    assertFalse(Specs.errors(yaml).startsWith("no error"), yaml);
    assertFalse(validate(yaml).isEmpty(), yaml);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kees: k\n",
        "keys: { a: b }\n",
        "sink: out\n",
        "runner: { flnk: { parallelism: 4 } }\n",
        "runner: { flink: { parallelism: [4] } }\n",
        "sink: { orc: { path: out } }\n",
        "sink: { csv: { path: out, compression: lz4 } }\n",
        "sink: { csv: { path: out }, json: { path: out } }\n",
        "sink: { csv: { pth: out } }\n",
        "sink: { csv: { path: out, fileSize: 12 } }\n",
        "sink: { csv: { path: out, overwrite: maybe } }\n",
        "fit: { path: x, from: yesterday, to: 2001-01-01 }\n",
        "validate: [{ rule: not_nul, column: a }]\n",
        "validate: [{ rule: not_null, colum: a }]\n",
        "validate: [{ rule: not_null }]\n",
        "validate: [{ rule: between, column: a, min: x }]\n",
        "validate: [{ rule: not_null, column: a, onFail: explode }]\n",
        "validate: [{ rule: not_null, column: a, when: [b] }]\n",
        "validate: [{ rule: pair_in_set, column: a, pairs: [1, 2] }]\n",
        "validate: [{ rule: pair_in_set, column: a, pairs: [[1, [2]]] }]\n",
        "features: { f: { log1: x } }\n",
        "features: { f: { log1p: x, base: 2 } }\n",
        "features: { f: log1p }\n",
        "features: { \"a b\": { log1p: x } }\n",
        "aggregate: { window: 10x, keys: k, features: { n: count } }\n",
        "aggregate: { window: 1h, keys: k, emit: never, features: { n: count } }\n",
        "aggregate: { window: 1h, keys: k, features: { n: { mean: x, wher: y } } }\n",
      })
  void badSpecIsBadForBoth(String more) {
    String yaml = Specs.minimal(more);
    assertFalse(Specs.errors(yaml).startsWith("no error"), yaml);
    assertFalse(validate(yaml).isEmpty(), yaml);
  }
}
