package com.example.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.rule.RuleProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person who writes a spec with these extensions, or breaks their jar, is told. */
class MistakesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          records: 5000 | records: many | 4:25: source.generated.records: Invalid records: 'many' (must be a whole number)
          records: 5000 | records: 0 | 4:25: source.generated.records: Invalid records: 0 (must be >= 1)
          records: 5000 | record: 5000 | 4:14: source.generated: Missing 'records' of 'generated': How many payments, 1 or more. & 4:16: source.generated.record: Unknown setting of 'generated': 'record'; did you mean 'records'?
          column: card, rule: luhn | column: amount, rule: luhn | 8:15: validate[0].column: luhn(amount) cannot judge column 'amount' of float64 (must be string)
          rule: luhn | rule: lun | 8:27: validate[0].rule: Unknown rule: 'lun'; did you mean 'luhn'?
          to: limit | by: limit | 10:17: features.use_of_limit: Missing 'to' of 'ratio': The column that it is divided by. & 10:34: features.use_of_limit.by: Unknown setting of 'ratio': 'by'; known: of, to
          to: limit | to: shop | 10:38: features.use_of_limit.to: Invalid column for ratio: 'shop' is string (must be float64)
          spread: amount | spread: amonut | 16:30: aggregate[0].features.amount_spread.column: Unknown column: 'amonut'; did you mean 'amount'?
          spread: amount | spread: [amount, limit] | 16:30: aggregate.features.amount_spread.column: Invalid column: [amount, limit] (must be text)
          """)
  void mistakeIsToldWithFileLineAndColumn(String right, String wrong, String expected)
      throws IOException {
    Path spec = folder.resolve("payments.yaml");
    Files.writeString(spec, Files.readString(Path.of("payments.yaml")).replace(right, wrong));
    Job job = Job.run("--spec=" + spec);
    assertEquals(2, job.exitCode(), job.err());
    assertEquals(
        Stream.of(expected.split(" & ")).map(problem -> spec + ":" + problem).toList(),
        job.err().lines().filter(line -> line.startsWith(spec.toString())).toList());
  }

  @Test
  void jarThatNamesAClassItLacksIsNamed() throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(RuleProvider.class.getName()), "com.example.Forgotten\n");
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    try (URLClassLoader jar = new URLClassLoader(new URL[] {folder.toUri().toURL()}, loader)) {
      thread.setContextClassLoader(jar);
      Job job = Job.run("--spec=payments.yaml");
      assertEquals(2, job.exitCode(), job.err());
      assertEquals(
          "Cannot load an extension named in META-INF/services/io.featurebeam.rule.RuleProvider:"
              + " Provider com.example.Forgotten not found\n",
          job.err());
    } finally {
      thread.setContextClassLoader(loader);
    }
  }

  @Test
  void schemaForEditorsKnowsTheExtensions() throws IOException {
    Path file = folder.resolve("payments.schema.json");
    assertEquals(0, Job.run("--writeSchema=" + file).exitCode());
    JsonNode schema = new ObjectMapper().readTree(file.toFile());
    assertTrue(schema.at("/properties/source/properties/generated").isObject());
    assertTrue(schema.at("/$defs/rule").findValuesAsText("const").contains("luhn"));
    assertTrue(schema.at("/$defs/feature").findParents("ratio").size() > 0);
    assertTrue(schema.at("/$defs/aggregate").findParents("spread").size() > 0);
  }
}
