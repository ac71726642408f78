package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * History and its continuation give what the distinct records give that the history has before the
 * cut or the continuation has at all: no gap, nothing twice, wherever the two overlap.
 */
class HybridSourceTest {

  private static final Instant CUT = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration WINDOW = Duration.ofHours(1);

  /**
   * A payment; its place in the list is its id.
   *
   * @param minutes after the cut
   * @param inHistory how many copies the history has
   * @param inStream how many copies the continuation has
   */
  record Payment(String card, int minutes, int quarters, int inHistory, int inStream) {

    /** No two are at one time, nor just a window apart, as ids differ. */
    Instant seen(int id) {
      return CUT.plus(Duration.ofMinutes(minutes)).plusSeconds(id);
    }

    boolean counts(int id) {
      return inStream > 0 || (inHistory > 0 && seen(id).isBefore(CUT));
    }

    String row(int id) {
      return "%d,%s,%s,%s%n".formatted(id, card, quarters / 4.0, seen(id));
    }
  }

  @Provide
  Arbitrary<List<Payment>> payments() {
    return Combinators.combine(
            Arbitraries.of("A", "B"),
            Arbitraries.integers().between(-130, 130).shrinkTowards(0),
            Arbitraries.integers().between(-40, 40),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 2))
        .as(Payment::new)
        .list()
        .ofMaxSize(24);
  }

  @Property(tries = 10)
  void eachHourCountsEachRecordOnce(@ForAll("payments") List<Payment> payments) throws IOException {
    Map<String, List<Integer>> hours = new TreeMap<>();
    for (int id = 0; id < payments.size(); id++) {
      Payment payment = payments.get(id);
      if (payment.counts(id)) {
        long seconds = payment.seen(id).getEpochSecond();
        Instant end = Instant.ofEpochSecond(seconds - Math.floorMod(seconds, 3600) + 3600);
        hours
            .computeIfAbsent(payment.card + " | " + end, unused -> new ArrayList<>())
            .add(payment.quarters);
      }
    }
    List<String> expected = new ArrayList<>();
    hours.forEach(
        (hour, quarters) ->
            expected.add(
                "%s | %d | %s"
                    .formatted(
                        hour, quarters.size(), quarters.stream().mapToInt(q -> q).sum() / 4.0)));

    assertRows(expected, payments, "windowClose", "card", "window_end", "payments_1h", "spent_1h");
  }

  @Property(tries = 10)
  void eachRecordSeesTheOthersOnce(@ForAll("payments") List<Payment> payments) throws IOException {
    List<String> expected = new ArrayList<>();
    for (int id = 0; id < payments.size(); id++) {
      Payment payment = payments.get(id);
      if (!payment.counts(id)) {
        continue;
      }
      Instant now = payment.seen(id);
      int count = 0;
      int quarters = 0;
      for (int other = 0; other < payments.size(); other++) {
        Instant seen = payments.get(other).seen(other);
        if (payments.get(other).counts(other)
            && payments.get(other).card.equals(payment.card)
            && seen.isBefore(now)
            && !seen.isBefore(now.minus(WINDOW))) {
          count++;
          quarters += payments.get(other).quarters;
        }
      }
      expected.add("%d | %d | %s".formatted(id, count, count == 0 ? "null" : quarters / 4.0));
    }
    expected.sort(null);

    assertRows(expected, payments, "everyEvent", "id", "payments_1h", "spent_1h");
  }

  private static void assertRows(
      List<String> expected, List<Payment> payments, String emit, String... columns)
      throws IOException {
    Path folder = Files.createTempDirectory("hybrid");
    try {
      Payments job = new Payments(folder);
      job.write("history.parquet", copies(payments, true));
      job.write("stream.parquet", copies(payments, false));
      Path spec =
          Files.writeString(
              folder.resolve("spec.yaml"),
              """
              name: payments
              source:
                batch: { parquet: { path: %1$s/history.parquet } }
                stream: { parquet: { path: %1$s/stream.parquet } }
                cut: %2$s
              eventTime: seen
              keys: [card]
              dedupe: { by: id, within: 1d }
              aggregate:
                window: 1h
                emit: %3$s
                features: { payments: count, spent: { sum: amount } }
              sink: { parquet: { path: %1$s/features } }
              rejects: { path: %1$s/rejects }
              """
                  .formatted(folder, CUT, emit));

      Payments.Result result = Payments.run(spec).succeeded();

      assertEquals(expected, Payments.rows(job.features(), columns));
      int in = payments.stream().mapToInt(p -> p.inHistory + p.inStream).sum();
      long used = ids(payments).filter(id -> payments.get(id).counts(id)).count();
      assertEquals(
          "in %d = used %d + rejected 0 + late 0 + duplicate %d".formatted(in, used, in - used),
          result.balance());
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static String copies(List<Payment> payments, boolean ofHistory) {
    return ids(payments)
        .map(
            id -> {
              Payment payment = payments.get(id);
              return payment.row(id).repeat(ofHistory ? payment.inHistory : payment.inStream);
            })
        .collect(Collectors.joining());
  }

  private static Stream<Integer> ids(List<Payment> payments) {
    return Stream.iterate(0, id -> id < payments.size(), id -> id + 1);
  }
}
