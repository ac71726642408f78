package io.featurebeam.io.file.text;

/**
 * ISO 8601 dates and times read from bytes without an object per value: each method says whether
 * the text is one, and leaves the number in {@link #value}. Days and hours that do not exist (30
 * February, 24:00, second 60) are not. Digits below the microsecond are cut off.
 */
final class IsoTimes {

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

  /** The days that microseconds in a long can count, less one for the zone. */
  private static final long MAX_DAYS = Long.MAX_VALUE / MICROS_PER_DAY - 1;

  /** Days since 1970, or microseconds since 1970 or midnight. */
  long value;

  private int at;

  /** {@code 2001-02-28}, optionally with a sign and up to six digits of the year. */
  boolean date(byte[] b, int from, int to) {
    at = from;
    return day(b, to) && at == to;
  }

  /** {@code 23:59}, {@code 23:59:59} or with a fraction of up to nine digits. */
  boolean time(byte[] b, int from, int to) {
    at = from;
    return clock(b, to) && at == to;
  }

  /**
   * A date, or a date, {@code T} or a space, a time and a zone ({@code Z}, {@code +01}, {@code
   * +0100}, {@code +01:00}); without a zone the time is UTC.
   */
  boolean timestamp(byte[] b, int from, int to) {
    at = from;
    if (!day(b, to)) {
      return false;
    }
    long days = value;
    long micros = 0;
    if (at < to) {
      if (b[at] != 'T' && b[at] != ' ' && b[at] != 't') {
        return false;
      }
      at++;
      if (!clock(b, to)) {
        return false;
      }
      micros = value;
      if (!zone(b, to)) {
        return false;
      }
      micros -= value;
    }
    if (at != to || Math.abs(days) > MAX_DAYS) {
      return false;
    }
    value = days * MICROS_PER_DAY + micros;
    return true;
  }

  private boolean day(byte[] b, int to) {
    boolean signed = at < to && (b[at] == '-' || b[at] == '+');
    boolean negative = signed && b[at] == '-';
    at += signed ? 1 : 0;
    int start = at;
    int year = 0;
    while (at < to && at - start < (signed ? 6 : 4) && isDigit(b[at])) {
      year = year * 10 + b[at++] - '0';
    }
    if (at - start < 4 || !skip(b, to, '-')) {
      return false;
    }
    int month = two(b, to);
    if (month < 1 || month > 12 || !skip(b, to, '-')) {
      return false;
    }
    int day = two(b, to);
    int signedYear = negative ? -year : year;
    if (day < 1 || day > daysOf(month, signedYear)) {
      return false;
    }
    value = epochDay(signedYear, month, day);
    return true;
  }

  private boolean clock(byte[] b, int to) {
    int hour = two(b, to);
    if (hour < 0 || hour > 23 || !skip(b, to, ':')) {
      return false;
    }
    int minute = two(b, to);
    if (minute < 0 || minute > 59) {
      return false;
    }
    int second = 0;
    long fraction = 0;
    if (at < to && b[at] == ':') {
      at++;
      second = two(b, to);
      if (second < 0 || second > 59) {
        return false;
      }
      if (at < to && (b[at] == '.' || b[at] == ',')) {
        int start = ++at;
        long unit = MICROS_PER_SECOND;
        while (at < to && isDigit(b[at])) {
          unit /= 10;
          fraction += unit * (b[at++] - '0');
        }
        if (at == start || at - start > 9) {
          return false;
        }
      }
    }
    value = (hour * 3600L + minute * 60L + second) * MICROS_PER_SECOND + fraction;
    return true;
  }

  private boolean zone(byte[] b, int to) {
    value = 0;
    if (at == to) {
      return true;
    }
    byte sign = b[at++];
    if (sign == 'Z' || sign == 'z') {
      return true;
    }
    if (sign != '+' && sign != '-') {
      return false;
    }
    int hours = two(b, to);
    if (hours < 0 || hours > 18) {
      return false;
    }
    int minutes = 0;
    if (at < to) {
      at += b[at] == ':' ? 1 : 0;
      minutes = two(b, to);
      if (minutes < 0 || minutes > 59) {
        return false;
      }
    }
    value = (hours * 3600L + minutes * 60L) * MICROS_PER_SECOND * (sign == '-' ? -1 : 1);
    return true;
  }

  /** Two digits, or -1. */
  private int two(byte[] b, int to) {
    if (at + 2 > to || !isDigit(b[at]) || !isDigit(b[at + 1])) {
      return -1;
    }
    int number = (b[at] - '0') * 10 + b[at + 1] - '0';
    at += 2;
    return number;
  }

  private boolean skip(byte[] b, int to, char c) {
    return at < to && b[at++] == c;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static int daysOf(int month, int year) {
    return switch (month) {
      case 2 -> (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Days since 1970 of a proleptic Gregorian date, counted in years that begin in March. */
  private static long epochDay(long year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400L);
    long ofEra = y - era * 400;
    long ofYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468;
  }
}
