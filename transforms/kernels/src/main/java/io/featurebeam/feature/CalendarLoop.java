package io.featurebeam.feature;

/**
 * Days and clock times of many instants in the proleptic Gregorian calendar, part by part, all
 * integer arithmetic. The civil date is found once for all parts, and once for neighbours on the
 * same day.
 */
final class CalendarLoop {

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
  private static final long DAYS_PER_ERA = 146_097; // 400 years

  private final int size;
  private final long[] times;
  private final long[] days;
  private long[] years = {};
  private long[] months = {};
  private long[] daysOfMonth = {};
  private long[] daysOfYear = {};

  /** Of microseconds since 1970 or, if {@code date}, of days. */
  CalendarLoop(long[] times, int size, boolean date) {
    this.size = size;
    this.times = times;
    if (date) {
      days = times;
    } else {
      days = new long[size];
      for (int i = 0; i < size; i++) {
        days[i] = Math.floorDiv(times[i], MICROS_PER_DAY);
      }
    }
  }

  /** One part of every instant, in an array of its own. */
  long[] part(DateParts.Part part) {
    return switch (part) {
      case HOUR -> clock(3600, 24);
      case MINUTE -> clock(60, 60);
      case SECOND -> clock(1, 60);
      case DAY_OF_WEEK -> daysOfWeek();
      case YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_YEAR -> {
        if (years.length < size) {
          computeDates();
        }
        yield switch (part) {
          case YEAR -> years.clone();
          case MONTH -> months.clone();
          case DAY -> daysOfMonth.clone();
          case DAY_OF_YEAR -> daysOfYear.clone();
          case WEEK -> weeks();
          default -> quarters();
        };
      }
    };
  }

  private long[] clock(long secondsPerUnit, long units) {
    long[] out = new long[size];
    long unit = secondsPerUnit * MICROS_PER_SECOND;
    for (int i = 0; i < size; i++) {
      long ofDay = times[i] - days[i] * MICROS_PER_DAY;
      out[i] = ofDay / unit % units;
    }
    return out;
  }

  /** 1970-01-01 was a Thursday. */
  private static int dayOfWeek(long day) {
    return Math.floorMod(day + 3, 7) + 1;
  }

  private long[] daysOfWeek() {
    long[] out = new long[size];
    for (int i = 0; i < size; i++) {
      out[i] = dayOfWeek(days[i]);
    }
    return out;
  }

  private long[] quarters() {
    long[] out = new long[size];
    for (int i = 0; i < size; i++) {
      out[i] = (months[i] + 2) / 3;
    }
    return out;
  }

  /**
   * Years counted from March, so that the leap day ends one (Hinnant, "chrono-compatible low-level
   * date algorithms"). Arithmetic wraps around at the ends of long, where null rows may hold
   * anything.
   */
  private void computeDates() {
    years = new long[size];
    months = new long[size];
    daysOfMonth = new long[size];
    daysOfYear = new long[size];
    for (int i = 0; i < size; i++) {
      if (i > 0 && days[i] == days[i - 1]) {
        years[i] = years[i - 1];
        months[i] = months[i - 1];
        daysOfMonth[i] = daysOfMonth[i - 1];
        daysOfYear[i] = daysOfYear[i - 1];
        continue;
      }
      long shifted = days[i] + 719_468; // days since 0000-03-01
      long era = Math.floorDiv(shifted, DAYS_PER_ERA);
      int dayOfEra = (int) (shifted - era * DAYS_PER_ERA);
      int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
      int fromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
      int monthFromMarch = (5 * fromMarch + 2) / 153;
      boolean nextYear = monthFromMarch >= 10;
      long year = yearOfEra + era * 400 + (nextYear ? 1 : 0);
      years[i] = year;
      months[i] = nextYear ? monthFromMarch - 9 : monthFromMarch + 3;
      daysOfMonth[i] = fromMarch - (153 * monthFromMarch + 2) / 5 + 1L;
      daysOfYear[i] = fromMarch + (nextYear ? -305L : isLeap(year) ? 61L : 60L);
    }
  }

  private static boolean isLeap(long year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private long[] weeks() {
    long[] out = new long[size];
    for (int i = 0; i < size; i++) {
      int weekday = dayOfWeek(days[i]);
      long thursday = daysOfYear[i] + 4 - weekday; // the week belongs to its Thursday's year
      long year = years[i];
      if (thursday < 1) {
        thursday += isLeap(year - 1) ? 366 : 365;
      } else if (thursday > (isLeap(year) ? 366 : 365)) {
        thursday -= isLeap(year) ? 366 : 365;
      }
      out[i] = (thursday + 6) / 7;
    }
    return out;
  }
}
