package io.featurebeam.integration;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What windows of one length see by the rules of each profile, and by each bound alone. */
class EdgesIT {

  /** Around a midnight; the third and the fourth happen at one time. */
  private static final String EVENTS =
      """
      SELECT * FROM (VALUES
        ('a', 1::BIGINT, TIMESTAMP '2026-03-01 23:30:00'),
        ('a', 2::BIGINT, TIMESTAMP '2026-03-02 00:10:00'),
        ('a', 3::BIGINT, TIMESTAMP '2026-03-02 00:40:00'),
        ('a', 4::BIGINT, TIMESTAMP '2026-03-02 00:40:00'),
        ('a', 5::BIGINT, TIMESTAMP '2026-03-02 01:10:00')) t(card, id, moment)
      """;

  @TempDir Path folder;

  @Test
  @Shows({
    "sequence",
    "aggregate.keys",
    "aggregate.profile.chronon",
    "aggregate.profile.openmldb",
    "aggregate.bounds.hop",
    "aggregate.bounds.rowCap",
    "aggregate.bounds.rowDelay",
    "aggregate.bounds.ties"
  })
  void eachSeesItsOwnEvents() throws IOException {
    Path events = folder.resolve("events.parquet");
    Duck.copy(EVENTS, events, "parquet");

    Job.of(
            folder,
            """
            name: edges
            source:
              parquet: { path: %s }
            eventTime: moment
            sequence: id
            aggregate:
              - { window: 1h, keys: [card], profile: chronon, features: { by_day: count } }
              - { window: 1h, keys: [card], profile: openmldb, features: { with_own: count } }
              - { window: 1h, keys: [card], bounds: { hop: 30m }, features: { by_half: count } }
              - { window: 1h, keys: [card], bounds: { rowCap: 2 }, features: { two: { sum: id } } }
              - { window: 1h, keys: [card], profile: openmldb, bounds: { rowDelay: 1 }, features: { but_one: { sum: id } } }
              - { window: 1h, keys: [card], bounds: { right: closed, ties: none }, features: { alone: count } }
            sink:
              parquet: { path: %s }
            """
                .formatted(events, folder.resolve("out")))
        .succeed()
        .assertCounts(5, 5, 0, 0, 0);

    Table.assertSame(
        Duck.query(
            """
            SELECT * FROM (VALUES
              (1::BIGINT, 0::BIGINT, 1::BIGINT, 0::BIGINT, NULL::BIGINT, NULL::BIGINT, 1::BIGINT),
              (2::BIGINT, 1::BIGINT, 2::BIGINT, 1::BIGINT, 1::BIGINT, 1::BIGINT, 2::BIGINT),
              (3::BIGINT, 2::BIGINT, 2::BIGINT, 2::BIGINT, 2::BIGINT, 2::BIGINT, 2::BIGINT),
              (4::BIGINT, 2::BIGINT, 3::BIGINT, 2::BIGINT, 2::BIGINT, 5::BIGINT, 2::BIGINT),
              (5::BIGINT, 3::BIGINT, 4::BIGINT, 3::BIGINT, 7::BIGINT, 9::BIGINT, 4::BIGINT))
              t(id, by_day_1h, with_own_1h, by_half_1h, two_1h, but_one_1h, alone_1h)
            """),
        Duck.query(
            "SELECT * EXCLUDE (card, moment) FROM "
                + new Output(folder.resolve("out")).assertClean().sql()));
  }
}
