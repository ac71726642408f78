package com.example.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** payments.yaml as a whole, against a loop over all payments for each row. */
class PaymentsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Long> WINDOWS = Map.of("1h", 1L, "1d", 24L); // in hours

  /** Every 50th card number of the source ends in 7. */
  private static final String GOOD_CARD = "4539578763621486";

  private record Payment(
      long number, String shop, String card, Instant paid, double amount, Double limit) {

    boolean isBetween(Instant from, Instant to) {
      return !paid.isBefore(from) && paid.isBefore(to);
    }
  }

  private static List<Payment> payments() {
    RecordBatch batch = GeneratedSource.payments(0, 5000);
    List<Payment> payments = new ArrayList<>();
    for (int row = 0; row < batch.size(); row++) {
      payments.add(
          new Payment(
              row,
              (String) batch.value(row, "shop"),
              (String) batch.value(row, "card"),
              Instant.EPOCH.plus((Long) batch.value(row, "paid"), ChronoUnit.MICROS),
              (Double) batch.value(row, "amount"),
              (Double) batch.value(row, "limit")));
    }
    return payments;
  }

  /** Per shop and hour in which it had payments, what the windows that end there hold. */
  private static Map<String, Map<String, Object>> expectedFeatures() {
    List<Payment> good = payments().stream().filter(p -> p.card.equals(GOOD_CARD)).toList();
    Map<String, Map<String, Object>> rows = new TreeMap<>();
    for (Payment payment : good) {
      Instant end = payment.paid.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
      rows.computeIfAbsent(
          payment.shop + " " + end,
          key -> {
            Map<String, Object> row = new HashMap<>();
            WINDOWS.forEach(
                (window, hours) -> {
                  Instant start = end.minus(hours, ChronoUnit.HOURS);
                  List<Payment> within =
                      good.stream()
                          .filter(p -> p.shop.equals(payment.shop) && p.isBetween(start, end))
                          .toList();
                  row.put("payments_" + window, (long) within.size());
                  row.put("amount_spread_" + window, spread(within));
                  row.put("highest_use_" + window, highestUse(within));
                });
            return row;
          });
    }
    return rows;
  }

  private static double spread(List<Payment> payments) {
    TreeSet<Double> amounts = new TreeSet<>(payments.stream().map(Payment::amount).toList());
    return amounts.last() - amounts.first();
  }

  private static Double highestUse(List<Payment> payments) {
    return payments.stream()
        .filter(p -> p.limit != null)
        .map(p -> p.amount / p.limit)
        .max(Double::compare)
        .orElse(null);
  }

  private static List<JsonNode> read(Path folder) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        for (String line : Files.readAllLines(file)) {
          rows.add(JSON.readTree(line));
        }
      }
    }
    return rows;
  }

  private static Object value(JsonNode cell) {
    return cell.isNull()
        ? null
        : cell.isIntegralNumber() ? (Object) cell.asLong() : cell.asDouble();
  }

  private static Map<String, Map<String, Object>> features(Path folder) throws IOException {
    Map<String, Map<String, Object>> rows = new TreeMap<>();
    for (JsonNode row : read(folder)) {
      Map<String, Object> values = new HashMap<>();
      row.fields().forEachRemaining(field -> values.put(field.getKey(), value(field.getValue())));
      values.keySet().removeAll(List.of("shop", "window_end"));
      rows.put(
          row.get("shop").asText() + " " + Instant.parse(row.get("window_end").asText()), values);
    }
    return rows;
  }

  @Test
  void featuresAndRejectsAreThoseOfALoopOverAllPayments(@TempDir Path folder) throws IOException {
    Job job =
        Job.run(
            "--runner=DirectRunner",
            "--spec=payments.yaml",
            "--set=sink={json: {path: " + folder.resolve("features") + "}}",
            "--set=rejects={format: json, path: " + folder.resolve("rejects") + "}");

    assertEquals(0, job.exitCode(), job.err());
    assertEquals(
        List.of("  in 5,000 = used 4,900 + rejected 100 + late 0 + duplicate 0"),
        job.out().lines().filter(line -> line.startsWith("  in ")).toList());
    assertEquals(expectedFeatures(), features(folder.resolve("features")));

    List<String> expected =
        payments().stream()
            .filter(p -> !p.card.equals(GOOD_CARD))
            .map(p -> p.number + " luhn(card) a masked value fails luhn(card) ***")
            .sorted()
            .toList();
    List<String> rejects =
        read(folder.resolve("rejects")).stream()
            .map(
                r ->
                    r.get("position")
                        + " "
                        + r.get("rule").asText()
                        + " "
                        + r.get("reason").asText()
                        + " "
                        + r.get("record").asText().replaceAll(".*\"card\":\"([^\"]*)\".*", "$1"))
            .sorted()
            .toList();
    assertEquals(100, expected.size());
    assertEquals(expected, rejects);
  }

  @Test
  void testsBesideTheSpecPass() {
    Job job = Job.run("--runner=DirectRunner", "--spec=payments.yaml", "--testSpec");
    assertEquals(0, job.exitCode(), job.out() + job.err());
    assertEquals("2 passed, 0 failed", job.out().lines().reduce((a, b) -> b).orElse(""));
  }
}
