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

class ExpressionRuleTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.expression("a > 15 && b != 'x'");
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.FLOAT64), Field.of("b", FieldType.STRING));
  }

  @Override
  public List<?> passing() {
    return List.of(
        new Object[] {15.5, "y"}, new Object[] {16.0, ""}, Arrays.asList(20.0, null).toArray());
  }

  @Override
  public List<?> failing() {
    return List.of(
        new Object[] {15.0, "y"},
        new Object[] {Double.NaN, "y"},
        new Object[] {16.0, "x"},
        Arrays.asList(null, "x").toArray());
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("expression", Map.of("cel", "a > 15 && b != 'x'"));
  }

  @Test
  void idAndReasonShowTheExpressionAndItsValues() {
    assertEquals("expression(a > 15 && b != 'x')", rule().id());
    assertEquals("expression(a > 1)", Rules.expression("  a\n > 1").id());
    assertEquals(List.of("a", "b"), rule().columns());
    RecordBatch batch = RuleLaws.batch(schema(), failing());
    Checker checker = rule().bind(schema());
    assertEquals("a=15.0, b=y", checker.observed(batch, 0));
    assertEquals("a > 15 && b != 'x' is false (a=15.0, b=y)", checker.reason(batch, 0));
  }

  @Test
  void anExpressionThatIsNoConditionIsAnErrorWhenBound() {
    assertEquals(
        "Invalid expression: 'a + 1' is float64 (must be boolean)",
        assertThrows(IllegalArgumentException.class, () -> Rules.expression("a + 1").bind(schema()))
            .getMessage());
  }

  @Test
  void badSyntaxIsAnErrorAtOnce() {
    assertEquals(
        "Invalid expression at column 4: the expression ends too early\n  a >\n     ^",
        assertThrows(IllegalArgumentException.class, () -> Rules.expression("a >")).getMessage());
  }
}
