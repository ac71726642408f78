package io.featurebeam.integration;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.examples.Deliveries;
import io.featurebeam.examples.Event;
import io.featurebeam.examples.Event.Planted;
import io.featurebeam.examples.StreamDemo;
import io.featurebeam.io.lookup.FeatureLookup;
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.lookup.RedisStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An example as a person runs it, with its generator's first messages, until all is through and a
 * signal ends it.
 *
 * @param sent what its generator sends
 * @param id the column of rows that holds the id of the event
 * @param folder gets all that the run writes
 */
record ExampleRun(List<Deliveries.Delivery> sent, String id, Path folder) {

  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);

  /** With the first messages of a generator. */
  static ExampleRun of(Deliveries deliveries, int messages, String id, Path folder) {
    return new ExampleRun(Stream.generate(deliveries::next).limit(messages).toList(), id, folder);
  }

  /** Runs it; what it said. */
  String untilASignal(String example, int rate, int files) throws Exception {
    return untilASignal(example, rate, files, log -> {});
  }

  /**
   * The same.
   *
   * @param whenAllIsThrough is given what it said so far, before the signal
   */
  String untilASignal(String example, int rate, int files, Consumer<String> whenAllIsThrough)
      throws Exception {
    Set<String> inTime =
        sent.stream()
            .filter(delivery -> delivery.kind() == Deliveries.Kind.IN_TIME)
            .map(delivery -> delivery.event().id())
            .collect(toSet());
    JobProcess demo =
        JobProcess.start(
            StreamDemo.class.getName(),
            List.of(
                example,
                "--rate=" + rate,
                "--messages=" + sent.size(),
                "--set=sink." + files + ".parquet.path=" + features(),
                "--set=rejects.path=" + folder.resolve("rejects")),
            folder);
    try {
      long deadline = System.nanoTime() + PATIENCE;
      while (!events("true").containsAll(inTime)) {
        assertTrue(System.nanoTime() < deadline, () -> read(demo.log()));
        assertFalse(demo.process().waitFor(1, TimeUnit.SECONDS), () -> read(demo.log()));
      }
      whenAllIsThrough.accept(read(demo.log()));
      assertEquals(128 + 15, demo.signalWhen(() -> true, "TERM"), () -> read(demo.log()));
      return read(demo.log());
    } finally {
      demo.process().destroyForcibly().waitFor();
    }
  }

  /** Every message is in one of the four counts, and in the right one. */
  void assertBalance(String log) {
    Matcher balance =
        Pattern.compile(
                "\n  in ([\\d,]+) = used ([\\d,]+) \\+ rejected ([\\d,]+) \\+ late ([\\d,]+) \\+"
                    + " duplicate ([\\d,]+)\n")
            .matcher(log);
    assertTrue(balance.find(), log);
    List<Long> counts = new ArrayList<>();
    for (int group = 1; group <= 5; group++) {
      counts.add(Long.valueOf(balance.group(group).replace(",", "")));
    }
    Map<Deliveries.Kind, Long> kinds = new EnumMap<>(Deliveries.Kind.class);
    sent.forEach(delivery -> kinds.merge(delivery.kind(), 1L, Long::sum));
    long late = counts.get(3);
    assertEquals(sent.size(), counts.get(0), log);
    assertEquals(sent.size(), counts.stream().skip(1).mapToLong(Long::longValue).sum(), log);
    assertEquals(
        kinds.get(Deliveries.Kind.UNREADABLE) + kinds.get(Deliveries.Kind.INVALID),
        counts.get(2),
        log);
    assertEquals(kinds.get(Deliveries.Kind.COPY), counts.get(4), log);
    // Of those some are in time after all where the machine is slow: hours are seconds here.
    assertTrue(late <= kinds.get(Deliveries.Kind.LATE), log);
  }

  /** By a condition on the features alone: nearly all that was planted, and little else. */
  void assertStandsOut(String where, int atLeast) {
    Set<String> suspicious = events(where);
    Map<String, Planted> planted = new HashMap<>();
    for (Deliveries.Delivery delivery : sent) {
      Event event = delivery.event();
      if (event.planted() != null) {
        planted.put(event.id(), event.planted());
      }
    }
    Set<Planted> all = new HashSet<>(planted.values());
    Set<Planted> found =
        suspicious.stream().map(planted::get).filter(Objects::nonNull).collect(toSet());
    long right = suspicious.stream().filter(planted::containsKey).count();
    String numbers =
        found.size()
            + " of "
            + all.size()
            + " found; "
            + right
            + " of "
            + suspicious.size()
            + " are right";
    assertTrue(all.size() >= atLeast, numbers);
    assertTrue(found.size() >= 0.95 * all.size(), numbers);
    assertTrue(right >= 0.9 * suspicious.size(), numbers);
  }

  /** Of each card, the payment that the store has is the newest that came out. */
  void assertStoreHasTheNewest(String log) {
    Matcher server = Pattern.compile("\n  store +Redis at (\\S+) with ").matcher(log);
    assertTrue(server.find(), log);
    Table newest =
        Duck.query(
            "SELECT card, arg_max(payment, paid_at) AS payment FROM read_parquet("
                + files()
                + ") GROUP BY card ORDER BY card");
    try (FeatureLookup lookup =
        FeatureLookup.over(RedisStore.at(RedisConnection.to(server.group(1))))
            .features("card-fraud", "payment")
            .build()) {
      List<Map<String, Object>> cards =
          newest.column("card").stream().map(card -> Map.of("card", card)).toList();
      assertEquals(
          newest.column("payment"),
          lookup.get(cards).stream().map(vector -> vector.value("payment")).toList());
    }
  }

  /** Nothing of the broker is left in the temporary folder of its JVM. */
  void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
      assertEquals(
          List.of(),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.startsWith("featurebeam"))
              .toList());
    }
  }

  private Path features() {
    return folder.resolve("features");
  }

  /** Those whose highest revision, of what is complete, says so. */
  private Set<String> events(String where) {
    List<String> files = files();
    return files.isEmpty()
        ? Set.of()
        : Duck.query(
                "SELECT id FROM (SELECT *, "
                    + id
                    + " AS id FROM read_parquet("
                    + files
                    + ") QUALIFY row_number() OVER (PARTITION BY id ORDER BY revision DESC) = 1)"
                    + " WHERE "
                    + where)
            .column("id")
            .stream()
            .map(String::valueOf)
            .collect(toSet());
  }

  /** As SQL takes them. */
  private List<String> files() {
    try (Stream<Path> files = Files.list(features())) {
      return files.filter(Files::isRegularFile).map(file -> "'" + file + "'").toList();
    } catch (IOException e) {
      return List.of(); // not there yet
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
