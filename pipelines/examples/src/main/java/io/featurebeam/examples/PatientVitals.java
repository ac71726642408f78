package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Which patients are getting worse? */
final class PatientVitals implements Example {

  @Override
  public String name() {
    return "patient-vitals";
  }

  @Override
  public String events() {
    return "readings";
  }

  @Override
  public String planted() {
    return "deteriorations";
  }

  @Override
  public String generator() {
    return "40 patients, a reading a minute each, a deterioration among every 1,500";
  }

  @Override
  public String input() {
    return "vitals";
  }

  @Override
  public String rows() {
    return "vitals-features";
  }

  @Override
  public Map<String, String> alerts() {
    Map<String, String> alerts = new LinkedHashMap<>();
    alerts.put("vitals-alarms", "ALARM");
    alerts.put("vitals-trends", "TREND");
    return alerts;
  }

  @Override
  public String id() {
    return "reading";
  }

  @Override
  public Events events(long seed, Instant start) {
    return WardReadings.of(seed, start);
  }

  @Override
  public long lateMicros() {
    return 3_600_000_000L;
  }

  @Override
  public int rate() {
    return 200;
  }

  @Override
  public int oneIn() {
    return 150;
  }

  @Override
  public int alertsOneIn() {
    return 20;
  }

  @Override
  public String heading() {
    return "read at      patient  bed   heart  trend/min  oxygen  mean_5m  trend/min"
        + "  pressure  monitored";
  }

  @Override
  public String line(JsonNode row) {
    return String.format(
        Locale.ROOT,
        "%s  %-7s  %-4s  %5s  %9s  %6s  %7s  %9s  %8s  %9s",
        Lines.time(row, "read_at"),
        row.path("patient").asText(),
        row.path("bed").asText(),
        Lines.whole(row, "heart_rate"),
        perMinute(row, "heart_trend_30m"),
        Lines.number(row, "oxygen"),
        Lines.number(row, "mean_oxygen_5m"),
        perMinute(row, "oxygen_trend_30m"),
        Lines.whole(row, "pressure_30m"),
        minutes(row, "monitored_session_20m"));
  }

  /** A slope is per second. */
  private static String perMinute(JsonNode row, String column) {
    JsonNode value = row.path(column);
    return value.isNumber() ? String.format(Locale.ROOT, "%+.2f", 60 * value.asDouble()) : ".";
  }

  private static String minutes(JsonNode row, String column) {
    JsonNode value = row.path(column);
    return value.isNumber() ? Math.round(value.asDouble() / 60) + " min" : ".";
  }
}
