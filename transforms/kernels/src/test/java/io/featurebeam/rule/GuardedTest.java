package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardedTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("delay", FieldType.FLOAT64), Field.of("carrier", FieldType.STRING));

  private static final Rule RULE = Rules.when(Rules.between("delay", 0, 10), "carrier == 'AA'");

  @Test
  void onlyRecordsOfTheConditionAreJudged() {
    Object[][] records = {
      {5.0, "AA"}, {12.0, "AA"}, {12.0, "UA"}, {12.0, null}, {null, "AA"}, {Double.NaN, "AA"}
    };
    assertEquals("101110", RuleLaws.check(RULE, SCHEMA, (Object[]) records));
  }

  @Test
  void whereTheConditionHoldsForNoneAllPass() {
    Object[][] records = {{12.0, "UA"}, {12.0, null}};
    assertEquals("11", RuleLaws.check(RULE, SCHEMA, (Object[]) records));
    assertEquals("", RuleLaws.check(RULE, SCHEMA));
  }

  @Test
  void aPresenceRuleAsksOnlyThere() {
    Rule rule = Rules.when(Rules.notNull("carrier"), "delay > 0.0");
    Object[][] records = {{1.0, null}, {0.0, null}, {null, null}, {1.0, "AA"}};
    assertEquals("0111", RuleLaws.check(rule, SCHEMA, (Object[]) records));
  }

  @Test
  void idColumnsAndReasonNameTheCondition() {
    assertEquals("between(delay, 0, 10) when carrier == 'AA'", RULE.id());
    assertEquals(
        "not_null(delay) when carrier == 'AA'",
        Rules.when(Rules.notNull("delay"), " carrier\n == 'AA' ").id());
    assertEquals(List.of("delay", "carrier"), RULE.columns());
    assertEquals(List.of("delay"), Rules.when(Rules.notNull("delay"), "delay > 0.0").columns());
    RecordBatch batch =
        RuleLaws.batch(SCHEMA, List.of(new Object[] {12.0, "AA"}, new Object[] {1.0, "AA"}));
    Checker checker = RULE.bind(SCHEMA);
    assertEquals("12.0", checker.observed(batch, 0));
    assertEquals(
        "delay is 12.0 (must be between 0 and 10) when carrier == 'AA'", checker.reason(batch, 0));
    assertEquals("must be between 0 and 10 when carrier == 'AA'", checker.requirement());
  }

  @Test
  void guardsMayBeGuarded() {
    Rule rule = Rules.when(RULE, "delay != 12.0");
    Object[][] records = {{12.0, "AA"}, {13.0, "AA"}, {13.0, "UA"}};
    assertEquals("101", RuleLaws.check(rule, SCHEMA, (Object[]) records));
    assertEquals("between(delay, 0, 10) when carrier == 'AA' when delay != 12.0", rule.id());
  }

  @Test
  void aConditionThatIsNoneIsAnError() {
    assertEquals(
        "Invalid when: 'delay + 1.0' is float64 (must be boolean)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Rules.when(Rules.notNull("delay"), "delay + 1.0").bind(SCHEMA))
            .getMessage());
    assertEquals(
        "Invalid expression at column 8: the expression ends too early\n  delay >\n         ^",
        assertThrows(
                IllegalArgumentException.class, () -> Rules.when(Rules.notNull("delay"), "delay >"))
            .getMessage());
    assertEquals(
        """
        Invalid expression at column 1: Unknown column: 'dely'; did you mean 'delay'?
          dely > 0.0
          ^""",
        assertThrows(
                IllegalArgumentException.class,
                () -> Rules.when(Rules.notNull("delay"), "dely > 0.0").bind(SCHEMA))
            .getMessage());
  }

  @Test
  void aRuleThatNeedsTheWholeRunTakesNone() {
    assertEquals(
        "Invalid when: 'delay > 0.0' (unique(carrier) needs the whole run: must be a rule that"
            + " judges a record alone)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Rules.when(Rules.unique("carrier"), "delay > 0.0"))
            .getMessage());
  }

  @Test
  void oneRecordIsJudgedAlike() {
    RecordChecker checker = RecordChecker.of(RuleSet.of(Validation.warn(RULE)), SCHEMA);
    assertEquals(List.of(), checker.check(Map.of("delay", 12.0, "carrier", "UA")));
    assertEquals(
        List.of(
            new Failure(
                "between(delay, 0, 10) when carrier == 'AA'",
                List.of("delay", "carrier"),
                "12.0",
                "must be between 0 and 10 when carrier == 'AA'",
                "delay is 12.0 (must be between 0 and 10) when carrier == 'AA'",
                Validation.OnFail.WARN)),
        checker.check(Arrays.asList(12.0, "AA").toArray()));
  }
}
