package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RecordCheckerTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("d", FieldType.FLOAT64),
          Field.of("e", FieldType.FLOAT64),
          Field.of("i", FieldType.INT64),
          Field.of("s", FieldType.STRING),
          Field.of("t", FieldType.STRING),
          Field.of("b", FieldType.BOOLEAN),
          Field.of("y", FieldType.BYTES),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE),
          Field.of("clock", FieldType.TIME),
          Field.of("l", FieldType.listOf(FieldType.FLOAT64)));

  /** At least one of every rule, by its name in YAML; a new one must stand here too. */
  private static final List<Rule> EVERY =
      List.of(
          Rules.notNull("d"),
          Rules.nullOnly("l"),
          Rules.between("d", -1, 1e300),
          Rules.between("i", 0.5, 7, true, true),
          Rules.between("at", "1970-01-01", null),
          Rules.inSet("s", List.of("", "a", "ü")),
          Rules.inSet("d", List.of(0, 1.5)),
          Rules.notInSet("i", List.of(0, 7)),
          Rules.inSet("b", List.of(true)),
          Rules.inSet("day", List.of("1970-01-01")),
          Rules.matches("s", "[a-z]*"),
          Rules.containsMatch("t", "[0-9]"),
          Rules.matchesAny("s", List.of("a+", "[0-9]+")),
          Rules.matchesAll("t", List.of(".*", "[^ ]*")),
          Rules.notMatches("s", " *"),
          Rules.like("s", "%a%", "_"),
          Rules.notLike("t", "1%"),
          Rules.type("t", FieldType.FLOAT64),
          Rules.type("d", FieldType.INT64),
          Rules.expression("d > 0.0 || i == null"),
          Rules.notBlank("s"),
          Rules.lengthBetween("s", 1L, 3L),
          Rules.lengthBetween("y", 1L, null),
          Rules.lengthBetween("l", null, 2L),
          Rules.dateFormat("t", "%Y-%m-%d"),
          Rules.json("t"),
          Rules.jsonSchema("t", "{\"minimum\": 1}"),
          Rules.email("t"),
          Rules.url("t"),
          Rules.ip("t"),
          Rules.creditCard("t"),
          Rules.iban("t"),
          Rules.uuid("t"),
          Rules.utf8("s"),
          Rules.utf8("y"),
          Rules.finite("d"),
          Rules.positive("d"),
          Rules.nonNegative("d"),
          Rules.negative("i"),
          Rules.nonPositive("i"),
          Rules.multipleOf("d", 0.5),
          Rules.zScore("d", 0, 1, 3),
          Rules.betweenColumns("d", "i", "e"),
          Rules.greaterThan("d", "i"),
          Rules.lessOrEqual("s", "t"),
          Rules.equalTo("d", "e"),
          Rules.notEqualTo("d", "e"),
          new Comparison("i", "d", Comparison.Wanted.LESS, true, Ignore.NEVER),
          new PairInSet("s", "i", List.of(List.of("a", 0), List.of("", 7)), Ignore.BOTH_NULL),
          Rules.uniqueWithinRecord("d", "e", "i"),
          Rules.sumEquals(List.of("d", "i"), "e", 0.5),
          Rules.sumEquals(List.of("d", "e"), 0.3),
          Rules.noneNull("s", "l"),
          Rules.anyNotNull("s", "at"),
          Rules.nullTogether("y", "clock"),
          Rules.when(Rules.positive("d"), "s == 'a' || i > 0"),
          Rules.when(Rules.notNull("t"), "b"));

  private static final List<Validation> VALIDATIONS =
      EVERY.stream()
          .map(rule -> rule.columns().size() > 1 ? Validation.warn(rule) : Validation.fail(rule))
          .toList();

  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "ü",
    "abc",
    "7",
    "0.5",
    "2019-02-28",
    "2019-02-30",
    "a@example.com",
    "http://example.com/",
    "192.0.2.1",
    "4111111111111111",
    "DE89370400440532013000",
    "123e4567-e89b-12d3-a456-426614174000",
    "{\"a\": 1}",
    "\ud83d\ude00",
    "\u0000",
    "x".repeat(300)
  };

  private static final double[] NUMBERS = {
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    0.2,
    7.0,
    1.5,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MAX_VALUE,
    Double.MIN_VALUE,
    0x1p53
  };

  private static final long[] WHOLE = {
    0, 1, -1, 7, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1, 86_399_999_999L
  };

  private static Object[] record(Random random) {
    Object[] record = new Object[SCHEMA.size()];
    for (int c = 0; c < record.length; c++) {
      record[c] = random.nextInt(6) == 0 ? null : value(SCHEMA.field(c).type(), random);
    }
    return record;
  }

  private static Object value(FieldType type, Random random) {
    return switch (type.kind()) {
      case FLOAT64 -> NUMBERS[random.nextInt(NUMBERS.length)];
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BOOLEAN -> random.nextBoolean();
      case BYTES -> {
        byte[] bytes = new byte[random.nextInt(4)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case LIST -> {
        List<Object> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(random.nextInt(6) == 0 ? null : value(type.element(), random));
        }
        yield elements;
      }
      case INT64, TIMESTAMP -> WHOLE[random.nextInt(WHOLE.length)];
      case DATE -> (long) random.nextInt(3) - 1;
      case TIME -> (long) random.nextInt(86_400) * 1_000_000;
    };
  }

  @Property(tries = 50)
  void oneRecordIsJudgedAsInABatch(@ForAll long seed) {
    Random random = new Random(seed);
    List<Object[]> records = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      records.add(record(random));
    }
    RuleSet rules = RuleSet.of(VALIDATIONS);
    RuleSet.Bound bound = rules.bind(SCHEMA);
    RecordBatch batch = RuleLaws.batch(SCHEMA, records);
    RecordBatch coded = RuleLaws.coded(batch);
    RuleSet.Verdict verdict = bound.check(batch);
    assertEquals(verdict.passed(), bound.check(coded).passed());

    RecordChecker one = RecordChecker.of(rules, SCHEMA);
    for (int row = 0; row < records.size(); row++) {
      List<Failure> expected = new ArrayList<>();
      for (int i = 0; i < VALIDATIONS.size(); i++) {
        if (!verdict.passed().get(i).get(row)) {
          expected.add(
              new Failure(
                  EVERY.get(i).id(),
                  EVERY.get(i).columns(),
                  bound.checker(i).observed(batch, row),
                  bound.checker(i).requirement(),
                  bound.checker(i).reason(batch, row),
                  VALIDATIONS.get(i).onFail()));
        }
      }
      assertEquals(expected, one.check(records.get(row)));
      Map<String, Object> named = new HashMap<>();
      for (int c = 0; c < SCHEMA.size(); c++) {
        if (records.get(row)[c] != null) {
          named.put(SCHEMA.field(c).name(), records.get(row)[c]);
        }
      }
      assertEquals(expected, one.check(named));
    }
  }

  /**
   * Otherwise the property above proves little: each rule is broken, and is not, by some record.
   */
  @Test
  void everyRuleIsBrokenAndKeptBySomeOfTheseRecords() {
    Random random = new Random(1);
    List<Object[]> records = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      records.add(record(random));
    }
    RuleSet.Verdict verdict =
        RuleSet.of(VALIDATIONS).bind(SCHEMA).check(RuleLaws.batch(SCHEMA, records));
    List<String> oneSided = new ArrayList<>();
    for (int i = 0; i < EVERY.size(); i++) {
      int passed = verdict.passed().get(i).cardinality();
      if (passed == 0 || passed == records.size()) {
        oneSided.add(EVERY.get(i).id());
      }
    }
    assertEquals(List.of("utf8(s)"), oneSided); // a Java string has no invalid bytes
  }

  @Test
  void everyRuleIsAmongThese() {
    TreeSet<String> names = new TreeSet<>();
    for (RuleProvider provider : ServiceLoader.load(RuleProvider.class)) {
      names.add(provider.name());
    }
    TreeSet<String> asked = new TreeSet<>(List.of("unique"));
    EVERY.forEach(rule -> asked.add(rule.id().substring(0, rule.id().indexOf('('))));
    assertEquals(names, asked);
  }

  @Test
  void aFailureSaysEverything() {
    RecordSchema schema =
        RecordSchema.of(Field.required("delay", FieldType.FLOAT64), Field.of("n", FieldType.INT64));
    RecordChecker checker =
        RecordChecker.of(
            RuleSet.of(
                Validation.fail(Rules.between("delay", -180, 1440)),
                Validation.warn(Rules.notNull("n"))),
            schema);
    assertEquals(
        List.of(
            new Failure(
                "between(delay, -180, 1440)",
                List.of("delay"),
                "-300.0",
                "must be between -180 and 1440",
                "delay is -300.0 (must be between -180 and 1440)",
                Validation.OnFail.FAIL),
            new Failure(
                "not_null(n)",
                List.of("n"),
                "null",
                "must have a value",
                "n is null (must have a value)",
                Validation.OnFail.WARN)),
        checker.check(Map.of("delay", -300, "other", "is not looked at")));
    assertEquals(List.of(), checker.check(15.0, 7));
  }

  @Test
  void timesMayBeThoseOfJava() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("at", FieldType.TIMESTAMP),
            Field.of("day", FieldType.DATE),
            Field.of("clock", FieldType.TIME));
    RecordChecker checker =
        RecordChecker.of(
            RuleSet.of(
                Validation.reject(
                    Rules.between("at", "2001-01-31T09:30:00Z", "2001-01-31T09:30:00.000001Z")),
                Validation.reject(Rules.between("day", "1969-12-31", "1969-12-31")),
                Validation.reject(Rules.between("clock", "09:30", "09:30"))),
            schema);
    LocalDate day = LocalDate.parse("1969-12-31");
    LocalTime clock = LocalTime.parse("09:30");
    assertEquals(
        List.of(), checker.check(Instant.parse("2001-01-31T09:30:00.000001999Z"), day, clock));
    assertEquals(
        3,
        checker
            .check(
                Instant.parse("2001-01-31T09:29:59.999999Z"),
                day.plusDays(1),
                clock.plusNanos(1000))
            .size());
  }

  @Test
  void aValueThatDoesNotFitIsAnErrorAndTheNextRecordIsJudged() {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("l", FieldType.listOf(FieldType.INT64)), Field.of("n", FieldType.INT64));
    RecordChecker checker =
        RecordChecker.of(RuleSet.of(Validation.reject(Rules.positive("n"))), schema);
    assertEquals(
        "Invalid value of column 'n': a java.lang.String (must be int64)",
        assertThrows(IllegalArgumentException.class, () -> checker.check(List.of(1L), "7"))
            .getMessage());
    assertEquals(
        "Invalid value of column 'l': a java.util.ImmutableCollections$List12 (must be list<int64>)",
        assertThrows(IllegalArgumentException.class, () -> checker.check(List.of(1L, "x"), 7))
            .getMessage());
    assertEquals(
        "1 values for 2 columns: (l list<int64>, n int64)",
        assertThrows(IllegalArgumentException.class, () -> checker.check(7)).getMessage());
    assertEquals(List.of(), checker.check(List.of(1L), 7));
    assertEquals("-7", checker.check(Arrays.asList(null, -7).toArray()).get(0).observed());
  }

  @Test
  void aRuleThatNeedsTheWholeRunIsRefused() {
    RuleSet rules =
        RuleSet.of(Validation.reject(Rules.unique("n")), Validation.reject(Rules.notNull("n")));
    RecordSchema schema = RecordSchema.of(Field.of("n", FieldType.INT64));
    assertEquals(
        "Rule unique(n) needs the whole run and cannot judge a record alone (give recordRules())",
        assertThrows(IllegalArgumentException.class, () -> RecordChecker.of(rules, schema))
            .getMessage());
    assertEquals(List.of(), RecordChecker.of(rules.recordRules(), schema).check(1L));
  }

  @Test
  void hostileTextIsJudgedInBoundedTime() {
    String[] hostile = {
      "a".repeat(100_000),
      "@".repeat(100_000),
      "http://" + "a.".repeat(50_000),
      "[".repeat(100_000),
      ":".repeat(100_000),
      "9".repeat(100_000),
      new String(new byte[100_000], StandardCharsets.UTF_8)
    };
    RecordSchema schema = RecordSchema.of(Field.of("t", FieldType.STRING));
    List<Validation> rules =
        EVERY.stream()
            .filter(rule -> rule.columns().equals(List.of("t")))
            .map(Validation::reject)
            .toList();
    RecordChecker checker = RecordChecker.of(RuleSet.of(rules), schema);
    long start = System.nanoTime();
    int failures = 0;
    for (String text : hostile) {
      failures += checker.check(text).size();
    }
    assertTrue(failures > hostile.length * 5);
    assertTrue(System.nanoTime() - start < 20_000_000_000L);
  }
}
