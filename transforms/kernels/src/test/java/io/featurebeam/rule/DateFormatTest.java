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

class DateFormatTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.dateFormat("x", "%Y-%m-%d");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("2019-04-01", "2020-02-29", "0001-12-31", "9999-01-01");
  }

  @Override
  public List<?> failing() {
    return List.of(
        "",
        "2019-4-1",
        "20190401",
        "2019-02-29",
        "2019-13-01",
        "2019-04-01 ",
        " 2019-04-01",
        "2019-04-01T00:00",
        "-019-04-01",
        "٢٠١٩-04-01");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("date_format", Map.of("column", "x", "format", "%Y-%m-%d"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("1 May"));
    assertEquals(
        "x is 1 May (must be a time in the format %Y-%m-%d)",
        rule().bind(schema()).reason(batch, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%d/%m/%Y|31/12/2010|true",
        "%d/%m/%Y|31/11/2010|false",
        "%Y%m%d|20190401|true",
        "%Y%m%d|20190431|false",
        "%Y-%m-%dT%H:%M:%S|2017-06-12T23:57:59|true",
        "%Y-%m-%dT%H:%M:%S|2017-06-12T24:00:00|false",
        "%Y-%m-%dT%H:%M:%S|1977-05-55T00:00:00|false",
        "%Y-%m-%d %H:%M:%S.%f|2017-06-12 23:57:59.123456|true",
        "%Y-%m-%d %H:%M:%S.%f|2017-06-12 23:57:59.1|true",
        "%Y-%m-%d %H:%M:%S.%f|2017-06-12 23:57:59.|false",
        "%Y-%m-%dT%H:%M:%S%z|2017-06-12T23:57:59+0200|true",
        "%Y-%m-%dT%H:%M:%S%z|2017-06-12T23:57:59-03:30|true",
        "%Y-%m-%dT%H:%M:%S%z|2017-06-12T23:57:59Z|true",
        "%Y-%m-%dT%H:%M:%S%z|2017-06-12T23:57:59|false",
        "%Y-%m-%dT%H:%M:%S%z|2017-06-12T23:57:59ZZ|false",
        "%Y-%m-%dT%H:%M:%S%z|2017-06-12T23:57:59+2|false",
        "%Y %%z|2017 %z|true",
        "%I:%M %p|01:30 PM|true",
        "%I:%M %p|13:30 PM|false",
        "%I:%M %p|01:30 XM|false",
        "%a %d %b %Y|Fri 27 Nov 2026|true",
        "%a %d %b %Y|Thu 27 Nov 2026|false",
        "%A %d %B %Y|Friday 27 November 2026|true",
        "%A %d %B %Y|Friday 27 Nov 2026|false",
        "%d %b %Y|27 Sept 2026|false",
        "%y-%m-%d|69-01-01|true",
        "%Y %j|2020 366|true",
        "%Y %j|2019 366|false",
        "100%% %Y|100% 2019|true"
      })
  void directivesOfStrftime(String format, String text, boolean passes) {
    Rule rule = Rules.dateFormat("x", format);
    assertEquals(passes ? "1" : "0", RuleLaws.check(rule, schema(), text));
  }

  @Test
  void badFormatsAreErrorsAtOnce() {
    assertEquals(
        "Invalid format: '%D' (%D is none of %Y %y %m %d %j %H %I %p %M %S %f %b %B %a %A %z %%)",
        assertThrows(IllegalArgumentException.class, () -> Rules.dateFormat("x", "%D"))
            .getMessage());
    assertEquals(
        "Invalid format: 'yyyy' (must have a directive such as %Y)",
        assertThrows(IllegalArgumentException.class, () -> Rules.dateFormat("x", "yyyy"))
            .getMessage());
    assertEquals(
        "Invalid format: '%Y-%' (% is none of %Y %y %m %d %j %H %I %p %M %S %f %b %B %a %A %z %%)",
        assertThrows(IllegalArgumentException.class, () -> Rules.dateFormat("x", "%Y-%"))
            .getMessage());
  }

  @Test
  void anotherTypeIsAnErrorWhenBound() {
    assertEquals(
        "Rule date_format(x, %Y-%m-%d) cannot judge column 'x' of date (must be string)",
        assertThrows(
                IllegalArgumentException.class, () -> rule().bind(RuleLaws.column(FieldType.DATE)))
            .getMessage());
  }
}
