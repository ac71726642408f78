package io.featurebeam.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("delay", FieldType.FLOAT64),
          Field.of("distance", FieldType.INT64),
          Field.of("origin", FieldType.STRING),
          Field.of("destination", FieldType.STRING),
          Field.of("cancelled", FieldType.BOOLEAN),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE),
          Field.of("clock", FieldType.TIME),
          Field.of("tags", FieldType.listOf(FieldType.STRING)),
          Field.of("seat count", FieldType.INT64),
          Field.of("carrier.code", FieldType.STRING));

  private static final long AT = 982_672_496_250_000L; // 2001-02-20T12:34:56.25Z, a Tuesday

  private static final RecordBatch BATCH =
      RecordBatch.builder(SCHEMA)
          .add(
              20.5,
              337L,
              "SFO",
              "LAX",
              true,
              AT,
              11_373L,
              34_200_000_000L,
              List.of("a", "b"),
              5L,
              "AA")
          .add(-3.0, 0L, "Zürich", "SFO", false, -1L, -1L, 0L, List.of(), 0L, "UA")
          .add(null, null, null, null, null, null, null, null, null, null, null)
          .build();

  private static List<Object> evaluate(String cel) {
    return values(Expressions.compile(cel, SCHEMA).evaluate(BATCH));
  }

  static List<Object> values(Column column) {
    List<Object> values = new ArrayList<>();
    for (int row = 0; row < column.size(); row++) {
      values.add(column.value(row));
    }
    return values;
  }

  private static String error(String cel) {
    return assertThrows(IllegalArgumentException.class, () -> Expressions.compile(cel, SCHEMA))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "delay > 15 | true | false",
        "15 < delay | true | false",
        "delay + distance | 357.5 | -3.0",
        "delay * 2 - 1 | 40.0 | -7.0",
        "distance / 2 | 168 | 0",
        "100 / distance | 0 | null",
        "distance % 10 | 7 | 0",
        "-distance | -337 | 0",
        "-delay | -20.5 | 3.0",
        "distance + 9223372036854775807 | null | 9223372036854775807",
        "distance * 9223372036854775807 | null | 0",
        "-9223372036854775807 - distance - 1 | null | -9223372036854775808",
        "delay / 0 | Infinity | -Infinity",
        "origin != destination | true | true",
        "origin == 'SFO' | true | false",
        "'SFO' == destination | false | true",
        "origin < destination | false | false",
        "origin >= destination | true | true",
        "origin in ['SFO', 'OAK'] | true | false",
        "origin in [destination, 'SFO'] | true | false",
        "distance in [1, 337] | true | false",
        "distance in [0,1,2,3,4,5,6,7,8,9] | false | true",
        "delay in [-3, 1.5] | false | true",
        "delay in [1,2,3,4,5,6,7,8,20.5] | true | false",
        "cancelled ? delay : 0 | 20.5 | 0.0",
        "cancelled ? origin : destination | SFO | SFO",
        "cancelled ? distance : null | 337 | null",
        "cancelled == (delay > 0) | true | true",
        "!cancelled | false | true",
        "size(origin) | 3 | 6",
        "origin.size() > 3 | false | true",
        "origin.startsWith('SF') | true | false",
        "origin.endsWith('O') | true | false",
        "origin.contains('ric') | false | true",
        "origin.matches('^[A-Z]{3}$') | true | false",
        "origin.matches('ü') | false | true",
        "origin + '-' + destination | SFO-LAX | Zürich-SFO",
        "'to ' + destination | to LAX | to SFO",
        "string(distance) + 'km' | 337km | 0km",
        "string(delay) | 20.5 | -3.0",
        "string(cancelled) | true | false",
        "string(at) | 2001-02-20T12:34:56.250Z | 1969-12-31T23:59:59.999999Z",
        "int(delay) | 20 | -3",
        "int(string(distance)) | 337 | 0",
        "int(origin) | null | null",
        "double(distance) | 337.0 | 0.0",
        "double(string(delay)) | 20.5 | -3.0",
        "int(at) | 982672496 | -1",
        "at.getFullYear() | 2001 | 1969",
        "at.getMonth() | 1 | 11",
        "at.getDayOfMonth() | 19 | 30",
        "at.getDate() | 20 | 31",
        "at.getDayOfYear() | 50 | 364",
        "at.getDayOfWeek() | 2 | 3",
        "at.getHours() | 12 | 23",
        "at.getMinutes() | 34 | 59",
        "at.getSeconds() | 56 | 59",
        "at.getMilliseconds() | 250 | 999",
        "day.getDate() | 20 | 31",
        "day <= at | true | true",
        "clock.getHours() | 9 | 0",
        "clock > duration('9h') | true | false",
        "at > timestamp('2001-01-01T00:00:00Z') | true | false",
        "at >= timestamp(982672496) | true | false",
        "(at - duration('1h30m')).getHours() | 11 | 22",
        "(at - timestamp('2001-02-20T00:00:00Z')).getMinutes() | 754 | -16377120",
        "tags[0] | a | null",
        "tags[1] == 'b' | true | null",
        "tags[-1] | null | null",
        "size(tags) | 2 | 0",
        "'b' in tags | true | false",
        "origin in tags | false | false",
        "tags.exists(t, t == 'b') | true | false",
        "tags.all(t, t < destination) | false | true",
        "tags.exists(t, tags.exists(u, u + t == 'ab')) | true | false",
        "`seat count` + 1 | 6 | 1",
        "carrier.code == 'AA' | true | false",
      })
  void valuesOfTwoRecords_andNullForTheRecordOfNulls(String cel, String first, String second) {
    List<Object> values = evaluate(cel);
    assertEquals(
        Arrays.asList(first, second, null),
        values.stream().map(v -> v == null ? null : v.toString()).toList());
  }

  @Test
  void equalToNullIsNeverNull() {
    assertEquals(List.of(false, false, true), evaluate("delay == null"));
    assertEquals(List.of(true, true, false), evaluate("null != origin"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "true,true,true,true",
        "true,false,false,true",
        "true,null,null,true",
        "false,true,false,true",
        "false,false,false,false",
        "false,null,false,null",
        "null,true,null,true",
        "null,false,false,null",
        "null,null,null,null"
      })
  void andOrAreThreeValued(Boolean a, Boolean b, Boolean and, Boolean or) {
    RecordSchema schema =
        RecordSchema.of(Field.of("a", FieldType.BOOLEAN), Field.of("b", FieldType.BOOLEAN));
    RecordBatch batch = RecordBatch.builder(schema).add(a, b).build();
    assertEquals(and, Expressions.compile("a && b", schema).evaluate(batch).value(0));
    assertEquals(or, Expressions.compile("a || b", schema).evaluate(batch).value(0));
    assertEquals(a == null ? null : !a, Expressions.compile("!a", schema).evaluate(batch).value(0));
    assertEquals(
        a == null ? null : a ? b : Boolean.FALSE,
        Expressions.compile("a ? b : false", schema).evaluate(batch).value(0));
    assertEquals(
        (a == null || b == null) ? null : (Boolean) a.equals(b),
        Expressions.compile("a == b", schema).evaluate(batch).value(0));
  }

  @Test
  void nanIsUnequalToAllAndHasNoOrder() {
    RecordSchema schema = RecordSchema.of(Field.of("x", FieldType.FLOAT64));
    RecordBatch batch = RecordBatch.builder(schema).add(Double.NaN).build();
    for (String cel : List.of("x == x", "x < 1", "x > 1", "x <= x", "x in [1.0, 2.0]")) {
      assertEquals(false, Expressions.compile(cel, schema).evaluate(batch).value(0), cel);
    }
    assertEquals(true, Expressions.compile("x != x", schema).evaluate(batch).value(0));
    assertEquals(null, Expressions.compile("int(x)", schema).evaluate(batch).value(0));
  }

  @Test
  void whatHasNoColumnarOperatorRunsOnTheCelRuntime() {
    assertEquals(
        Arrays.asList(List.of("a!", "b!"), List.of(), null), evaluate("tags.map(t, t + '!')"));
    assertEquals(Arrays.asList(4L, 15L, null), evaluate("at.getHours('America/Los_Angeles')"));
    assertEquals(Arrays.asList(false, false, null), evaluate("origin.startsWith(destination)"));
    assertEquals(
        Arrays.asList(List.of(5L), List.of(), null), evaluate("[`seat count`].filter(s, s > 0)"));
    assertInstanceOf(RowExpression.class, Expressions.compile("tags.map(t, t)", SCHEMA));
    assertInstanceOf(
        ColumnarExpression.class, Expressions.compile("tags.exists(t, t == 'a')", SCHEMA));
  }

  @Test
  void anEmptyBatchGivesAnEmptyColumn() {
    RecordBatch empty = RecordBatch.builder(SCHEMA).build();
    for (String cel :
        List.of(
            "delay > 1", "origin + 'x'", "tags[0]", "'a' in tags", "at - at < duration('1s')")) {
      assertEquals(0, Expressions.compile(cel, SCHEMA).evaluate(empty).size(), cel);
    }
  }

  @Test
  void anUnknownColumnSuggestsTheNearestAndPointsAtIt() {
    assertEquals(
        """
        Invalid expression at column 10: Unknown column: 'dely'; did you mean 'delay'?
          1 < 2 && dely > 15
                   ^""",
        error("1 < 2 && dely > 15"));
  }

  @Test
  void anErrorOnALaterLineShowsThatLine() {
    assertEquals(
        """
        Invalid expression at line 2, column 10: cannot compare string with int64
            origin > 3
                   ^""",
        error("delay > 1 &&\n  origin > 3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "delay > | the expression ends too early",
        "delay = 3 | unexpected '=' (equality is ==)",
        "delay > 3) | unexpected ')'",
        "origin.startWith('a') | Unknown function: 'startWith'; did you mean 'startsWith'?",
        "has(delay) | has() is about messages: write column != null",
        "delay && cancelled | && takes booleans, not float64: compare it, as in != 0",
        "at > '2001-01-01' | cannot compare timestamp with string: write timestamp('2001-01-31T00:00:00Z')",
        "timestamp('2001-02-30T00:00:00Z') < at | Invalid timestamp: '2001-02-30T00:00:00Z' (must be a timestamp such as 2001-01-31T09:30:00Z, to the microsecond)",
        "duration('5x') < at - at | Invalid duration: '5x' (must be a duration such as 90s, 1h30m)",
        "origin.matches('(') | Invalid pattern: '(' (missing closing ))",
        "origin.matches('((a{1000}){1000}){1000}') | Invalid pattern: '((a{1000}){1000}){1000}' (its repetitions must not multiply to more than 20000 steps)",
        "delay % 2 | % takes int64: convert with int()",
        "origin * 2 | cannot compute string * int64",
        "5u > 3u | unsigned numbers are not supported: leave out the 'u'",
        "null < delay | null has no order: use == null or != null",
        "at - at | a duration is no column: write .getSeconds() or the like",
        "cancelled ? 1 : 'a' | the branches of ?: are int64 and string (must be alike)",
        "size(delay) | size does not take (float64)",
        "null | null alone has no type",
      })
  void errorsSayWhatIsWrong(String cel, String reason) {
    assertTrue(error(cel).contains(": " + reason + "\n"), error(cel));
  }

  @Test
  void hostileTextsAreRefusedQuickly() {
    assertTrue(error("1" + " + 1".repeat(3000)).contains("must be at most 10000"));
    for (String cel :
        List.of(
            "(".repeat(4000) + "1" + ")".repeat(4000),
            "1" + "+1".repeat(4000) + " > 0",
            "cancelled" + "?cancelled:cancelled".repeat(400),
            "tags" + "[0]".repeat(3000),
            "tags.exists(a, tags.exists(b, tags.exists(c, a == b)))",
            "-".repeat(5000))) {
      assertTrue(error(cel).startsWith("Invalid expression"), error(cel));
    }
  }

  @Test
  void columnsAreKnownWithoutASchema() {
    assertEquals(
        List.of("delay", "a.b", "seat count", "tags", "limit"),
        Expressions.columns("delay > 1 && a.b == `seat count` && tags.exists(t, t > limit)"));
    assertEquals(
        List.of("delay", "origin"),
        Expressions.compile("delay > 1 || origin == 'x' || delay < 0", SCHEMA).columns());
  }

  @Test
  void aBatchOfAnotherSchemaIsRefused() {
    Expression expression = Expressions.compile("delay > 1", SCHEMA);
    RecordSchema other = RecordSchema.of(Field.of("delay", FieldType.FLOAT64));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> expression.evaluate(RecordBatch.builder(other).build()));
    assertTrue(e.getMessage().startsWith("Expression 'delay > 1' was compiled for (delay"));
  }
}
