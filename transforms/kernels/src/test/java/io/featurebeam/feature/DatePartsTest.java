package io.featurebeam.feature;

import static io.featurebeam.feature.FeatureTests.apply;
import static io.featurebeam.feature.FeatureTests.assertRefused;
import static io.featurebeam.feature.FeatureTests.column;
import static io.featurebeam.feature.FeatureTests.fromYaml;
import static io.featurebeam.feature.FeatureTests.list;
import static io.featurebeam.feature.FeatureTests.values;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.feature.DateParts.Part;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DatePartsTest {

  private static final Map<Part, TemporalField> JAVA_TIME =
      Map.of(
          Part.YEAR, ChronoField.YEAR,
          Part.QUARTER, IsoFields.QUARTER_OF_YEAR,
          Part.MONTH, ChronoField.MONTH_OF_YEAR,
          Part.WEEK, IsoFields.WEEK_OF_WEEK_BASED_YEAR,
          Part.DAY, ChronoField.DAY_OF_MONTH,
          Part.DAY_OF_WEEK, ChronoField.DAY_OF_WEEK,
          Part.DAY_OF_YEAR, ChronoField.DAY_OF_YEAR,
          Part.HOUR, ChronoField.HOUR_OF_DAY,
          Part.MINUTE, ChronoField.MINUTE_OF_HOUR,
          Part.SECOND, ChronoField.SECOND_OF_MINUTE);

  @TestFactory
  Stream<DynamicTest> laws() {
    return Stream.of(
            Features.dateParts("t", Part.values()),
            Features.dateParts("d", Part.WEEK, Part.YEAR, Part.QUARTER),
            Features.dateParts("d", Part.DAY_OF_WEEK))
        .flatMap(FeatureLaws::of);
  }

  @Test
  void everyDayOfEightHundredYearsEqualsJavaTime() {
    long first = LocalDate.of(1600, 1, 1).toEpochDay();
    Object[] days = new Object[800 * 366];
    for (int i = 0; i < days.length; i++) {
      days[i] = first + i;
    }
    RecordBatch data = column(FieldType.DATE, days);
    List<Part> parts = Stream.of(Part.values()).filter(part -> !part.ofDay()).toList();
    RecordBatch out = apply(new DateParts("c", parts), data, data);
    for (Part part : parts) {
      long[] actual = out.longs("f_" + part).values();
      for (int i = 0; i < days.length; i++) {
        LocalDate day = LocalDate.ofEpochDay(first + i);
        assertEquals(day.getLong(JAVA_TIME.get(part)), actual[i], part + " of " + day);
      }
    }
  }

  @Test
  void randomInstantsOnBothSidesOf1970EqualJavaTime() {
    Random random = new Random(2);
    Object[] times = new Object[20_000];
    for (int i = 0; i < times.length; i++) {
      times[i] = random.nextLong() >> (4 + i % 20);
    }
    RecordBatch data = column(FieldType.TIMESTAMP, times);
    RecordBatch out = apply(Features.dateParts("c", Part.values()), data, data);
    for (int i = 0; i < times.length; i++) {
      Instant instant = Instant.EPOCH.plus((Long) times[i], ChronoUnit.MICROS);
      LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
      for (Part part : Part.values()) {
        assertEquals(
            time.getLong(JAVA_TIME.get(part)), out.value(i, "f_" + part), part + " of " + time);
      }
    }
  }

  @Test
  void aSinglePartIsNamedAsTheFeatureAndNullStaysNull() {
    assertEquals(
        list(23L, null, 0L),
        values(Features.dateParts("c", Part.HOUR), column(FieldType.TIMESTAMP, -1L, null, 0L)));
  }

  @Test
  void wrongColumnsAndPartsAreRefused() {
    assertRefused(
        "Feature 'f': Column 'c' is a date and has no hour (must be timestamp)",
        () -> values(Features.dateParts("c", Part.HOUR), column(FieldType.DATE, 1L)));
    assertRefused(
        "Feature 'f': Column 'c' is int64 (must be timestamp or date)",
        () -> values(Features.dateParts("c", Part.YEAR), column(FieldType.INT64, 1L)));
    assertRefused("Invalid parts: [] (must be at least one)", () -> Features.dateParts("c"));
    assertRefused(
        "Invalid parts: [day, day] (each must be given once)",
        () -> Features.dateParts("c", Part.DAY, Part.DAY));
  }

  @Test
  void yamlNameMakesTheSameFeature() {
    assertEquals(
        Features.dateParts("c", Part.DAY_OF_WEEK, Part.HOUR),
        fromYaml("date_parts", Map.of("column", "c", "parts", List.of("day_of_week", "hour"))));
    assertRefused(
        "Unknown part: 'day_of_weak'; did you mean 'day_of_week'?",
        () -> fromYaml("date_parts", Map.of("column", "c", "parts", List.of("day_of_weak"))));
  }
}
