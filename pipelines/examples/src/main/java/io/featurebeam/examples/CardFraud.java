package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which payments look like fraud? */
final class CardFraud implements Example {

  @Override
  public String name() {
    return "card-fraud";
  }

  @Override
  public String events() {
    return "payments";
  }

  @Override
  public String planted() {
    return "frauds";
  }

  @Override
  public String generator() {
    return "500 cards, four payments a day each, a fraud among every 400";
  }

  @Override
  public String input() {
    return "card-payments";
  }

  @Override
  public String rows() {
    return "card-features";
  }

  @Override
  public Map<String, String> alerts() {
    return Map.of("card-alerts", "ALERT");
  }

  @Override
  public String id() {
    return "payment";
  }

  @Override
  public Optional<Stored> stored() {
    return Optional.of(new Stored("card", "paid_at"));
  }

  @Override
  public Events events(long seed, Instant start) {
    return CardPayments.of(seed, start);
  }

  @Override
  public long lateMicros() {
    return 86_400_000_000L;
  }

  @Override
  public int rate() {
    return 100;
  }

  @Override
  public int oneIn() {
    return 50;
  }

  @Override
  public int alertsOneIn() {
    return 1;
  }

  @Override
  public String heading() {
    return "paid at      card     amount  home in   payments_5m  small_5m  countries_1h  spent_1d"
        + "  mean_amount_7d";
  }

  @Override
  public String line(JsonNode row) {
    return String.format(
        Locale.ROOT,
        "%s  %s %9.2f  %4s %-3s  %11s  %8s  %12s  %8s  %14s",
        Lines.time(row, "paid_at"),
        row.path("card").asText(),
        row.path("amount").asDouble(),
        row.path("home").asText(),
        row.path("country").asText(),
        Lines.whole(row, "payments_5m"),
        Lines.whole(row, "small_5m"),
        Lines.whole(row, "countries_1h"),
        Lines.number(row, "spent_1d"),
        Lines.number(row, "mean_amount_7d"));
  }
}
