package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadableAsTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.type("x", FieldType.INT64);
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("0", "-1", "+7", "007", "9223372036854775807", "-9223372036854775808");
  }

  @Override
  public List<?> failing() {
    return List.of("", "-", "1.0", " 1", "9223372036854775808", "1e3", "x", "٣");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("type", Map.of("column", "x", "type", "int64"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "float64,1,true",
        "float64,-1.5e-3,true",
        "float64,.5,true",
        "float64,5.,true",
        "float64,NaN,true",
        "float64,-Infinity,true",
        "float64,1d,false",
        "float64,0x1p3,false",
        "float64,.,false",
        "float64,1e,false",
        "float64,\"1,5\",false",
        "float64,1e999,true",
        "boolean,true,true",
        "boolean,FALSE,true",
        "boolean,1,false",
        "date,2001-02-28,true",
        "date,2001-02-29,false",
        "date,2001-2-3,false",
        "time,09:30,true",
        "time,24:00,false",
        "timestamp,2001-01-31T09:30:00Z,true",
        "timestamp,2001-01-31,true",
        "timestamp,2001-01-31T09:30:00,false",
        "timestamp,2001-01-31T09:30:00+02:00,true",
        "string,anything,true"
      })
  void textOfEachType(String type, String text, boolean readable) {
    Rule rule = Rules.type("x", FieldType.parse(type));
    assertEquals(readable ? "1" : "0", RuleLaws.check(rule, schema(), text));
  }

  @Test
  void numbersOfOneTypeAsAnother() {
    RecordSchema doubles = RuleLaws.column(FieldType.FLOAT64);
    assertEquals("1000", RuleLaws.check(rule(), doubles, 3.0, 3.5, Double.NaN, 1e19));
    RecordSchema ints = RuleLaws.column(FieldType.INT64);
    assertEquals("11", RuleLaws.check(Rules.type("x", FieldType.FLOAT64), ints, 3, null));
  }

  @Test
  void theReasonNamesTheType() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("12a"));
    assertEquals("x is 12a (must be readable as int64)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void aColumnThatCannotBecomeTheTypeIsAnErrorWhenBound() {
    assertEquals(
        "Rule type(x, int64) cannot judge column 'x' of boolean (must be string, int64 or a type that widens to it)",
        assertThrows(
                IllegalArgumentException.class,
                () -> rule().bind(RuleLaws.column(FieldType.BOOLEAN)))
            .getMessage());
  }
}
