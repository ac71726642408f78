package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels with features of several sources as they were at each label's time, as SQL says it. */
class TrainingSetIT {

  /** Some at the very time of a label, some of equal time, from before 1970 on; u3 is hot. */
  private static final String PAYMENTS =
      """
      SELECT 'u' || (CASE WHEN i % 3 = 0 THEN 3 ELSE i % 37 END) AS user, 's' || (i % 11) AS shop,
        TIMESTAMP '1969-12-28' + to_seconds(i * 97 - i % 5 * 97) AS at,
        CASE WHEN i % 13 = 0 THEN NULL ELSE ((i * 37) % 400 / 8.0)::DOUBLE END AS amount
      FROM range(5000) t(i)
      """;

  private static final String LABELS =
      """
      SELECT i AS id, CASE WHEN i % 50 = 0 THEN NULL ELSE 'u' || (i % 41) END AS account,
        's' || (i % 13) AS shop, TIMESTAMP '1969-12-27 12:00:00' + to_seconds(i * 97 * 6) AS at,
        i % 4 = 0 AS fraud
      FROM range(1000) t(i)
      """;

  /** Two rows of equal time, of which the one that was loaded last holds. */
  private static final String PROFILES =
      """
      SELECT 'u' || (i % 30) AS user, TIMESTAMP '1969-12-28' + to_hours((i // 2) * 3) AS since,
        i AS loaded, CASE WHEN i % 9 = 0 THEN NULL ELSE 'c' || (i % 7) END AS country
      FROM range(120) t(i)
      """;

  @TempDir Path folder;

  @BeforeEach
  void makeInputs() {
    Duck.copy(LABELS, folder.resolve("labels.parquet"), "parquet");
    Duck.copy(PAYMENTS, folder.resolve("payments.parquet"), "parquet");
    Duck.copy(PROFILES, folder.resolve("profiles.parquet"), "parquet");
  }

  private Job job(String yaml) throws IOException {
    return Job.of(folder, yaml.replace("IN", folder.toString()));
  }

  private void assertRows(String sql) throws IOException {
    String with =
        "WITH labels AS (%s), payments AS (%s), profiles AS (%s) "
            .formatted(LABELS, PAYMENTS, PROFILES);
    Table.assertSame(
        Duck.query(with + sql), new Output(folder.resolve("out")).assertClean().rows());
  }

  private static final String SPEC =
      """
      name: fraud
      source: { parquet: { path: IN/labels.parquet } }
      eventTime: at
      trainingSet:
        groups:
          user:
            source: { parquet: { path: IN/payments.parquet } }
            eventTime: at
            keys: [user]
            labelKeys: { user: account }
            aggregate:
              window: [1h, 1d]
              features:
                payments: count
                spent: { sum: amount }
                large: { count: amount, where: "amount > 40.0" }
          shop:
            source: { parquet: { path: IN/payments.parquet } }
            eventTime: at
            keys: [shop]
            aggregate:
              window: 1d
              profile: feast
              features: { shop_payments: count, shop_max: { max: amount } }
          profile:
            source: { parquet: { path: IN/profiles.parquet } }
            eventTime: since
            keys: [user]
            labelKeys: { user: account }
            asOf: { columns: { country: country }, created: loaded }
      sink: { parquet: { path: IN/out } }
      """;

  private static final String ROWS =
      """
      SELECT l.*,
        CASE WHEN seen THEN p.payments_1h END AS payments_1h,
        CASE WHEN seen THEN p.payments_1d END AS payments_1d, p.spent_1h, p.spent_1d,
        CASE WHEN seen THEN p.large_1h END AS large_1h,
        CASE WHEN seen THEN p.large_1d END AS large_1d,
        CASE WHEN shop_seen THEN s.shop_payments_1d END AS shop_payments_1d, s.shop_max_1d,
        (SELECT country FROM profiles r WHERE r.user = l.account AND r.since <= l.at
          ORDER BY since DESC, loaded DESC LIMIT 1) AS country
      FROM labels l
      JOIN (
        SELECT id, count(p.at) > 0 AS seen,
          count(p.at) FILTER (p.at >= l.at - INTERVAL 1 hour) AS payments_1h,
          count(p.at) FILTER (p.at >= l.at - INTERVAL 1 day) AS payments_1d,
          sum(amount) FILTER (p.at >= l.at - INTERVAL 1 hour) AS spent_1h,
          sum(amount) FILTER (p.at >= l.at - INTERVAL 1 day) AS spent_1d,
          count(amount) FILTER (p.at >= l.at - INTERVAL 1 hour AND amount > 40) AS large_1h,
          count(amount) FILTER (p.at >= l.at - INTERVAL 1 day AND amount > 40) AS large_1d
        FROM labels l LEFT JOIN payments p ON p.user = l.account AND p.at < l.at GROUP BY id
      ) p USING (id)
      JOIN (
        SELECT id, count(s.at) > 0 AS shop_seen,
          count(s.at) FILTER (s.at >= l.at - INTERVAL 1 day) AS shop_payments_1d,
          max(amount) FILTER (s.at >= l.at - INTERVAL 1 day) AS shop_max_1d
        FROM labels l LEFT JOIN payments s ON s.shop = l.shop AND s.at <= l.at GROUP BY id
      ) s USING (id)
      """;

  @Test
  @Shows("trainingSet")
  void labelsGetWhatWasKnownOfEachOfTheirKeys() throws IOException {
    job(SPEC).succeed().assertCounts(11_120, 11_120, 0, 0, 0);

    assertRows(ROWS);
  }

  @Test
  @Shows("trainingSet")
  void labelsThatFindNothingOrAreNotKnownYetAreRejects() throws IOException {
    job(SPEC.replace("asOf: {", "unmatched: drop\n      ttl: 2h\n      asOf: {")
                .replace("groups:", "horizon: 1d\n  asOf: 1970-01-03\n  groups:")
            + "rejects: { path: IN/rejects, format: json }\n")
        .succeed();

    String kept =
        """
        SELECT * FROM (%s) l WHERE l.at <= TIMESTAMP '1970-01-02' AND EXISTS (SELECT * FROM profiles r
          WHERE r.user = l.account AND r.since <= l.at AND r.since >= l.at - INTERVAL 2 hour)
        """
            .formatted(ROWS);
    assertRows(kept);
    Table.assertSame(
        Duck.query(
            """
            WITH labels AS (%s), profiles AS (%s)
            SELECT CASE WHEN l.at > TIMESTAMP '1970-01-02' THEN 'known_by(at, 1970-01-03)'
              ELSE 'unmatched(profile)' END AS rule, count(*) AS n
            FROM labels l WHERE l.at > TIMESTAMP '1970-01-02' OR NOT EXISTS (SELECT * FROM profiles r
              WHERE r.user = l.account AND r.since <= l.at AND r.since >= l.at - INTERVAL 2 hour)
            GROUP BY 1
            """
                .formatted(LABELS, PROFILES)),
        Duck.query(
            "SELECT rule, count(*) AS n FROM read_json('"
                + folder.resolve("rejects")
                + "/*.jsonl') GROUP BY 1"));
  }

  @Test
  @Shows("trainingSet")
  void featuresOfAnotherSpecAreThoseOfThatSpec() throws IOException {
    Files.writeString(
        folder.resolve("user.yaml"),
        """
        name: user-features
        source: { kafka: { servers: "${NO_SUCH_VARIABLE}", topic: t, format: json,
                           columns: { user: string, at: timestamp, amount: float64 } } }
        eventTime: at
        keys: [user]
        lateness: 1h
        validate:
          - { column: amount, rule: not_null }
        features: { euros: { expression: "amount / 2.0" } }
        aggregate: { window: 1d, emit: everyEvent, features: { spent: { sum: euros } } }
        sink: { kafka: { servers: "${NO_SUCH_VARIABLE}", topic: out } }
        """);
    job("""
        name: fraud
        source: { parquet: { path: IN/labels.parquet } }
        eventTime: at
        validate: [ { column: account, rule: not_null } ]
        trainingSet:
          groups:
            user:
              spec: user.yaml
              source: { parquet: { path: IN/payments.parquet } }
              labelKeys: { user: account }
        sink: { parquet: { path: IN/out } }
        """)
        .succeed()
        .assertCounts(6000, 5595, 405, 0, 0);

    assertRows(
        """
        SELECT l.id, l.account, l.shop, l.at, l.fraud,
          sum(amount / 2) FILTER (p.at >= l.at - INTERVAL 1 day) AS spent_1d
        FROM labels l LEFT JOIN payments p ON p.user = l.account AND p.at < l.at
        WHERE account IS NOT NULL GROUP BY ALL
        """);
  }

  /** Refused with this text, in which FOLDER stands for the folder of the test. */
  private void assertRefused(String text, String yaml) throws IOException {
    Job.Result result = job(yaml).run();
    assertEquals(text, result.err().replace(folder.toString(), "FOLDER"));
    assertEquals(2, result.exitCode());
  }

  @Test
  void keyThatLabelsDoNotHave() throws IOException {
    assertRefused(
        """
        FOLDER/spec.yaml:7:7: trainingSet.groups.user: Missing key of group 'user': the labels have \
        no column 'user' (say which of theirs it is: labelKeys: { user: ... }); known: id, account, shop, \
        at, fraud
                  source: { parquet: { path: FOLDER/payments.parquet } }
                  ^
        """,
        SPEC.replaceFirst("labelKeys: \\{ user: account }\n", "\n"));
  }

  @Test
  void featuresThatSeeWhatIsNotKnownYet() throws IOException {
    assertRefused(
        """
        FOLDER/spec.yaml:8:7: trainingSet.groups.frauds: Leak in group 'frauds': 'frauds' may see \
        what is known only after the label's time, as its records are known 7d after theirs (give it \
        bounds: { delay: 7d } or more)
                  source: { parquet: { path: FOLDER/labels.parquet } }
                  ^
        """,
        """
        name: fraud
        source: { parquet: { path: IN/labels.parquet } }
        eventTime: at
        trainingSet:
          horizon: 7d
          groups:
            frauds:
              source: { parquet: { path: IN/labels.parquet } }
              eventTime: at
              keys: [shop]
              aggregate: { window: 30d, features: { frauds: { count: fraud, where: fraud } } }
        sink: { parquet: { path: IN/out } }
        """);
  }

  private static final String OF_A_STREAM =
      """
      name: fraud
      source: { parquet: { path: IN/labels.parquet } }
      eventTime: at
      trainingSet:
        groups:
          user:
            source: { ticks: {} }
            eventTime: at
            keys: [tick]
            labelKeys: { tick: id }
            aggregate: { window: 30d, features: { ticks: count } }
      sink: { parquet: { path: IN/out } }
      """;

  @Test
  void windowThatAStreamWouldHoldForEver() throws IOException {
    assumeTrue(Runner.current() != Runner.SPARK, "refuses streams as such");
    assertRefused(
        """
        FOLDER/spec.yaml:7:7: trainingSet.groups.user: Invalid window of group 'user' in a stream: \
        lifetime (its events would be held for ever; give it a length, such as 30d)
                  source: { ticks: {} }
                  ^
        """,
        OF_A_STREAM.replace("30d", "lifetime"));
  }

  @Test
  void labelsKnownByATimeInAStream() throws IOException {
    assumeTrue(Runner.current() != Runner.SPARK, "refuses streams as such");
    assertRefused(
        """
        FOLDER/spec.yaml:5:9: trainingSet.asOf: Invalid asOf (the source 'ticks' has no end; a label \
        comes out once all that it sees is there, whatever is known by then; leave it out)
              asOf: 2001-01-01
                    ^
        """,
        OF_A_STREAM.replace("  groups:\n", "  asOf: 2001-01-01\n  groups:\n"));
  }

  @Test
  void copiesForEverInAStream() throws IOException {
    assumeTrue(Runner.current() != Runner.SPARK, "refuses streams as such");
    assertRefused(
        """
        FOLDER/spec.yaml:8:15: trainingSet.groups.user.dedupe: Missing within of dedupe (the source \
        'ticks' has no end; ids cannot be remembered for ever); use for example dedupe: { by: [tick], \
        within: 24h }
                  dedupe: [tick]
                          ^
        """,
        OF_A_STREAM.replace("{ ticks: {} }\n", "{ ticks: {} }\n      dedupe: [tick]\n"));
  }

  @Test
  void groupWithoutAnEndWhereTheRunnerTakesNone() throws IOException {
    assumeTrue(Runner.current() == Runner.SPARK, "other runners take it");
    assertRefused(
        """
        FOLDER/spec.yaml:7:15: trainingSet.groups.user.source.ticks: Spark runner cannot run a \
        streaming pipeline: the source 'ticks' has no end (it has no event-time timers in streaming; \
        use --runner=FlinkRunner or --runner=DataflowRunner or --runner=DirectRunner)
                  source: { ticks: {} }
                          ^
        """,
        OF_A_STREAM);
  }

  @Test
  void columnOfTwoGroups() throws IOException {
    assertRefused(
        """
        FOLDER/spec.yaml:18:7: trainingSet.groups.shop: Duplicate column: 'payments_1d' of group \
        'shop' and of group 'user' (give one of them another name)
                  source: { parquet: { path: FOLDER/payments.parquet } }
                  ^
        """,
        SPEC.replace("shop_payments: count", "payments: count"));
  }
}
