package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cases of Great Expectations (Apache-2.0), where they are at hand, beside the project; what
 * they say of our rules stands in {@link #theirEssentialFigures()} too. There every record of a
 * duplicate key is unexpected, here all but the first; there a pattern matches from the start, here
 * it is asked to.
 */
class GreatExpectationsTest {

  @ParameterizedTest
  @CsvSource({
    "expect_column_values_to_be_between,20",
    "expect_column_values_to_be_in_set,10",
    "expect_column_values_to_be_unique,11",
    "expect_column_values_to_match_regex,12",
    "expect_column_values_to_not_be_null,7"
  })
  void unexpectedValuesAreTheirs(String expectation, int expected) throws IOException {
    Path file = find("shared/oracles/great_expectations/" + expectation + ".json");
    assumeTrue(file != null, "the cases of Great Expectations are not at hand");
    int compared = 0;
    for (JsonNode dataset : new ObjectMapper().readTree(file.toFile()).get("datasets")) {
      for (JsonNode test : dataset.get("tests")) {
        compared += compare(expectation, dataset, test) ? 1 : 0;
      }
    }
    assertEquals(expected, compared, "cases compared");
  }

  private static @Nullable Path find(String name) {
    return Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
        .map(p -> p.resolve(name))
        .filter(Files::exists)
        .findFirst()
        .orElse(null);
  }

  /** False for a case about something that we do not have: errors, other engines, mixed columns. */
  private static boolean compare(String expectation, JsonNode dataset, JsonNode test) {
    JsonNode in = test.get("in");
    JsonNode out = test.path("out");
    boolean allPass = out.path("success").asBoolean() && !in.has("mostly");
    JsonNode listed = out.get("unexpected_list");
    JsonNode unexpected = listed == null && allPass ? out.withArray("none") : listed;
    JsonNode values = dataset.get("data").get(in.path("column").asText());
    if (test.has("only_for") || unexpected == null || values == null || in.has("row_condition")) {
      return false;
    }
    FieldType type = type(values);
    Rule rule = type == null ? null : rule(expectation, in);
    if (rule == null) {
      return false;
    }
    RecordSchema schema = RecordSchema.of(Field.of("x", type));
    RecordBatch batch = RuleLaws.batch(schema, boxed(values, type));
    Checker checker;
    try {
      checker = rule.bind(schema);
    } catch (IllegalArgumentException e) {
      return false; // a rule over a type that it does not judge
    }
    Bitmap passed = checker.check(batch);
    List<String> failed = new ArrayList<>();
    for (int row : passed.not().indexes()) {
      failed.add(String.valueOf(batch.value(row, "x")));
    }
    List<String> theirs = new ArrayList<>();
    boxed(unexpected, type).forEach(v -> theirs.add(String.valueOf(v)));
    if (rule.scope() == Rule.Scope.RUN) {
      theirs.stream().distinct().toList().forEach(theirs::remove); // the first stays, here
    }
    Collections.sort(failed);
    Collections.sort(theirs);
    assertEquals(theirs, failed, test.path("title").asText());
    return true;
  }

  private static @Nullable Rule rule(String expectation, JsonNode in) {
    return switch (expectation) {
      case "expect_column_values_to_be_between" -> {
        Object min = bound(in.get("min_value"));
        Object max = bound(in.get("max_value"));
        boolean none =
            (min == null && max == null) || min instanceof String || max instanceof String;
        yield none
            ? null
            : Rules.between(
                "x",
                min,
                max,
                in.path("strict_min").asBoolean(),
                in.path("strict_max").asBoolean());
      }
      case "expect_column_values_to_be_in_set" -> {
        List<Object> members = new ArrayList<>();
        in.get("value_set").forEach(v -> members.add(bound(v)));
        yield members.contains(null) ? null : Rules.inSet("x", members);
      }
      case "expect_column_values_to_be_unique" -> Rules.unique("x");
      case "expect_column_values_to_match_regex" ->
          Rules.containsMatch("x", in.get("regex").asText());
      default -> Rules.notNull("x");
    };
  }

  private static @Nullable Object bound(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return null;
    }
    return value.isIntegralNumber()
        ? (Object) value.longValue()
        : value.isNumber() ? (Object) value.doubleValue() : value.asText();
  }

  private static @Nullable FieldType type(JsonNode values) {
    List<JsonNode> known =
        StreamSupport.stream(values.spliterator(), false).filter(v -> !v.isNull()).toList();
    if (known.stream().allMatch(JsonNode::isTextual)) {
      return FieldType.STRING;
    }
    return known.stream().allMatch(JsonNode::isNumber) ? FieldType.FLOAT64 : null;
  }

  private static List<@Nullable Object> boxed(JsonNode values, FieldType type) {
    List<@Nullable Object> boxed = new ArrayList<>();
    for (JsonNode value : values) {
      boolean number = type.equals(FieldType.FLOAT64);
      boxed.add(value.isNull() ? null : number ? (Object) value.asDouble() : value.asText());
    }
    return boxed;
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
  }
}
