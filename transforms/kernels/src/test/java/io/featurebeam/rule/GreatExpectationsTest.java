package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The cases of Great Expectations (Apache-2.0), where they are at hand, beside the project; what
 * they say of our rules stands in {@link #theirEssentialFigures()} too. There every record of a
 * duplicate key is unexpected, here all but the first; there a pattern matches from any place, here
 * it is asked to.
 */
class GreatExpectationsTest {

  /** Those about records. */
  private static final List<String> OF_RECORDS =
      List.of(
          "expect_column_pair_values_to_be_equal",
          "expect_column_value_lengths_to_be_between",
          "expect_column_values_to_be_between",
          "expect_column_values_to_be_in_set",
          "expect_column_values_to_be_unique",
          "expect_column_values_to_match_regex",
          "expect_column_values_to_match_strftime_format",
          "expect_column_values_to_not_be_null",
          "expect_compound_columns_to_be_unique");

  /** Those about a whole dataset, which need rules over metrics. */
  private static final List<String> OF_DATASETS =
      List.of(
          "expect_column_distinct_values_to_be_in_set",
          "expect_column_max_to_be_between",
          "expect_column_median_to_be_between",
          "expect_column_sum_to_be_between",
          "expect_table_columns_to_match_set",
          "expect_table_row_count_to_be_between");

  /** A case about something that we do not have, which it names. */
  private static final class Excluded extends Exception {
    private static final long serialVersionUID = 1L;

    Excluded(String missing) {
      super(missing);
    }
  }

  @Test
  void unexpectedValuesAreTheirs() throws IOException {
    Map<String, Integer> compared = new TreeMap<>();
    Map<String, Integer> excluded = new TreeMap<>();
    int cases = 0;
    for (String expectation : OF_RECORDS) {
      for (JsonNode dataset : cases(expectation)) {
        for (JsonNode test : dataset.get("tests")) {
          cases++;
          try {
            compare(expectation, dataset, test);
            compared.merge(expectation, 1, Integer::sum);
          } catch (Excluded e) {
            excluded.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
          }
        }
      }
    }
    assertEquals(
        Map.of(
            "a column compared with itself", 1,
            "a comparison of numbers with text", 3,
            "a condition in a language that there is not", 3,
            "a condition that compares text with numbers", 2,
            "a length that no value has, which is refused", 1,
            "a rule over the whole run with a condition", 1,
            "a share that may fail (mostly)", 1,
            "an argument of a wrong type, which is refused where YAML is read", 2,
            "null as a value that may be a duplicate", 1),
        excluded);
    int total = compared.values().stream().mapToInt(Integer::intValue).sum();
    assertEquals(cases, total + excluded.values().stream().mapToInt(Integer::intValue).sum());
    assertEquals(OF_RECORDS, List.copyOf(compared.keySet()));
    assertEquals(120, total, () -> "of " + compared);
  }

  @Test
  void everyFileIsOfOneKind() throws IOException {
    Path folder = find("shared/oracles/great_expectations");
    assumeTrue(folder != null, "the cases of Great Expectations are not at hand");
    List<String> known = Stream.concat(OF_RECORDS.stream(), OF_DATASETS.stream()).sorted().toList();
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          known,
          files.map(file -> file.getFileName().toString().replace(".json", "")).sorted().toList());
    }
  }

  private static JsonNode cases(String expectation) throws IOException {
    Path file = find("shared/oracles/great_expectations/" + expectation + ".json");
    assumeTrue(file != null, "the cases of Great Expectations are not at hand");
    return new ObjectMapper().readTree(file.toFile()).get("datasets");
  }

  private static @Nullable Path find(String name) {
    return Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
        .map(p -> p.resolve(name))
        .filter(Files::exists)
        .findFirst()
        .orElse(null);
  }

  private static void compare(String expectation, JsonNode dataset, JsonNode test) throws Excluded {
    JsonNode in = test.get("in");
    JsonNode out = test.path("out");
    String title = expectation + ": " + test.path("title").asText();
    checkComparable(in, test);

    RecordBatch batch = batch(dataset);
    List<String> columns = columns(in, batch.schema());
    boolean refused = test.has("error") || out.has("traceback_substring");
    if (refused && in.path("mostly").asDouble() > 1) {
      throw new Excluded("a share that may fail (mostly)");
    }
    Rule rule;
    Checker checker;
    try {
      rule = rule(expectation, in, columns);
      checker = rule.bind(batch.schema());
    } catch (IllegalArgumentException e) {
      assertTrue(refused, () -> title + ": " + e.getMessage());
      return;
    }
    assertTrue(!refused, () -> title + " is refused there, not here");

    List<String> failed = new ArrayList<>();
    Bitmap passed = checker.check(batch);
    for (int row : passed.not().indexes()) {
      failed.add(shown(batch, columns, row));
    }
    List<String> theirs = theirs(out, columns);
    if (theirs != null && rule.scope() == Rule.Scope.RUN) {
      theirs.stream().distinct().toList().forEach(theirs::remove); // the first stays, here
    }
    if (theirs != null) {
      Collections.sort(failed);
      Collections.sort(theirs);
      assertEquals(theirs, failed, title);
    }
    if (!in.has("mostly")) {
      assertEquals(out.get("success").asBoolean(), failed.isEmpty(), title);
    }
  }

  private static void checkComparable(JsonNode in, JsonNode test) throws Excluded {
    if (in.has("row_condition") && !in.path("condition_parser").asText().equals("pandas")) {
      throw new Excluded("a condition in a language that there is not");
    }
    if (List.of("x == \"1\"", "y == 9").contains(in.path("row_condition").asText())) {
      throw new Excluded("a condition that compares text with numbers");
    }
    if (in.path("min_value").isTextual() || in.path("max_value").isTextual()) {
      throw new Excluded("an argument of a wrong type, which is refused where YAML is read");
    }
    if (test.path("only_for").path(0).asText().equals("bigquery_v3_api")) {
      throw new Excluded("null as a value that may be a duplicate");
    }
  }

  private static List<String> columns(JsonNode in, RecordSchema schema) throws Excluded {
    List<String> columns = new ArrayList<>();
    for (String key : List.of("column", "column_A", "column_B")) {
      if (in.has(key)) {
        columns.add(in.get(key).asText());
      }
    }
    in.path("column_list").forEach(column -> columns.add(column.asText()));
    if (in.has("column_A") && columns.get(0).equals(columns.get(1))) {
      throw new Excluded("a column compared with itself");
    }
    boolean alike = columns.stream().map(c -> schema.field(c).type()).distinct().count() == 1;
    if (in.has("column_A") && !alike) {
      throw new Excluded("a comparison of numbers with text");
    }
    return columns;
  }

  private static Rule rule(String expectation, JsonNode in, List<String> columns) throws Excluded {
    String column = columns.get(0);
    Rule rule =
        switch (expectation) {
          case "expect_column_values_to_be_between" ->
              Rules.between(
                  column,
                  bound(in.get("min_value")),
                  bound(in.get("max_value")),
                  in.path("strict_min").asBoolean(),
                  in.path("strict_max").asBoolean());
          case "expect_column_value_lengths_to_be_between" -> {
            Long min = (Long) bound(in.get("min_value"));
            Long max = (Long) bound(in.get("max_value"));
            if (min != null && max != null && min > max) {
              throw new Excluded("a length that no value has, which is refused");
            }
            yield Rules.lengthBetween(column, min, max);
          }
          case "expect_column_values_to_be_in_set" -> {
            List<Object> members = new ArrayList<>();
            in.get("value_set").forEach(v -> members.add(bound(v)));
            yield Rules.inSet(column, members);
          }
          case "expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique" ->
              Rules.unique(columns.toArray(String[]::new));
          case "expect_column_values_to_match_regex" ->
              Rules.containsMatch(column, in.get("regex").asText());
          case "expect_column_values_to_match_strftime_format" ->
              Rules.dateFormat(column, in.get("strftime_format").asText());
          case "expect_column_pair_values_to_be_equal" ->
              new Comparison(
                  column,
                  columns.get(1),
                  Comparison.Wanted.EQUAL,
                  false,
                  in.path("ignore_row_if").asText().equals("either_value_is_missing")
                      ? Ignore.EITHER_NULL
                      : Ignore.BOTH_NULL);
          case "expect_column_values_to_not_be_null" -> Rules.notNull(column);
          default -> throw new IllegalStateException("No rule for " + expectation);
        };
    if (!in.has("row_condition")) {
      return rule;
    }
    if (rule.scope() == Rule.Scope.RUN) {
      throw new Excluded("a rule over the whole run with a condition");
    }
    return Rules.when(rule, in.get("row_condition").asText());
  }

  private static @Nullable Object bound(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return null;
    }
    return value.isIntegralNumber()
        ? (Object) value.longValue()
        : value.isNumber() ? (Object) value.doubleValue() : value.asText();
  }

  /** A dataset; a column of numbers and text is text, as where it is read from a file. */
  private static RecordBatch batch(JsonNode dataset) {
    Map<Field, JsonNode> columns = new LinkedHashMap<>();
    dataset
        .get("data")
        .fields()
        .forEachRemaining(
            column -> {
              String name = column.getKey();
              boolean isTime =
                  dataset.at("/schemas/spark").path(name).asText().equals("TimestampType");
              FieldType type = isTime ? FieldType.TIMESTAMP : type(column.getValue());
              columns.put(Field.of(name, type), column.getValue());
            });
    List<Field> fields = List.copyOf(columns.keySet());
    RecordSchema schema = RecordSchema.of(fields);
    RecordBatch.Builder builder = RecordBatch.builder(schema);
    int rows = columns.values().stream().mapToInt(JsonNode::size).max().orElse(0);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < fields.size(); c++) {
        builder.column(c).append(boxed(columns.get(fields.get(c)).path(row), fields.get(c).type()));
      }
      builder.endRecord();
    }
    return builder.build();
  }

  private static FieldType type(JsonNode values) {
    List<JsonNode> known =
        StreamSupport.stream(values.spliterator(), false).filter(v -> !v.isNull()).toList();
    boolean numbers = !known.isEmpty() && known.stream().allMatch(JsonNode::isNumber);
    return numbers ? FieldType.FLOAT64 : FieldType.STRING;
  }

  private static @Nullable Object boxed(JsonNode value, FieldType type) {
    if (value.isNull() || value.isMissingNode() || type.kind() == FieldType.Kind.TIMESTAMP) {
      return null; // no rule here looks at the values of a timestamp
    }
    return type.equals(FieldType.FLOAT64) ? (Object) value.asDouble() : value.asText();
  }

  private static String shown(RecordBatch batch, List<String> columns, int row) {
    return columns.stream().map(column -> batch.value(row, column)).toList().toString();
  }

  /** The values that fail there, shown alike; null if the case does not list them. */
  private static @Nullable List<String> theirs(JsonNode out, List<String> columns) {
    JsonNode listed = out.get("unexpected_list");
    if (listed == null) {
      return null;
    }
    List<String> shown = new ArrayList<>();
    for (JsonNode one : listed) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int c = 0; c < columns.size(); c++) {
        JsonNode value =
            one.isArray() ? one.get(c) : one.isObject() ? one.get(columns.get(c)) : one;
        assertNotNull(value);
        Object bound = bound(value);
        values.add(bound instanceof Number number ? (Object) number.doubleValue() : bound);
      }
      shown.add(values.toString());
    }
    return shown;
  }

  @Test
  void theirEssentialFigures() {
    RecordSchema ints = RuleLaws.column(FieldType.INT64);
    RecordSchema texts = RuleLaws.column(FieldType.STRING);
    Object[] toTen = {1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L};
    assertEquals("1111111111", RuleLaws.check(Rules.between("x", 1, 10), ints, toTen));
    assertEquals("0111111110", RuleLaws.check(Rules.between("x", 1, 10, true, true), ints, toTen));
    assertEquals("0011", RuleLaws.check(Rules.inSet("x", List.of(2, 4)), ints, 1, 3, 4, null));
    assertEquals("1011", RuleLaws.check(Rules.unique("x"), ints, 1, 1, 2, null));
    assertEquals(
        "11101",
        RuleLaws.check(Rules.containsMatch("x", "^a"), texts, "aaa", "abb", "acc", "bdd", null));
    assertEquals("10", RuleLaws.check(Rules.notNull("x"), texts, "", null));
    assertEquals(
        "11011",
        RuleLaws.check(
            Rules.lengthBetween("x", 4L, 8L),
            texts,
            "cool",
            "calm",
            "collected",
            "casual",
            "creepy"));
    assertEquals(
        "1101",
        RuleLaws.check(
            Rules.dateFormat("x", "%m-%d-%Y"),
            texts,
            "01-01-2019",
            "01-10-2019",
            "01/20/2019",
            "01-30-2019"));
    RecordSchema pair =
        RecordSchema.of(Field.of("w", FieldType.FLOAT64), Field.of("z", FieldType.FLOAT64));
    Object[][] pairs = {{1.0, 1.0}, {6.0, null}, {null, null}, {11.0, 10.0}};
    assertEquals("1110", RuleLaws.check(Rules.equalTo("w", "z"), pair, (Object[]) pairs));
    Rule strict = new Comparison("w", "z", Comparison.Wanted.EQUAL, false, Ignore.BOTH_NULL);
    assertEquals("1010", RuleLaws.check(strict, pair, (Object[]) pairs));
  }
}
