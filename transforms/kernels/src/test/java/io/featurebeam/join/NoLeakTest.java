package io.featurebeam.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Spans;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.time.WindowBounds.Ties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** No label sees what lies ahead of it, nor what happens at its time unless the bounds say so. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class NoLeakTest {

  @Property(seed = "3", tries = 100)
  void recordsOneMicrosecondPastTheirLabelGiveNothing(@ForAll("cases") JoinCase c) {
    for (Map<String, @Nullable Object> label : c.labels()) {
      long time = (Long) label.get("at");
      if (time == Long.MAX_VALUE) {
        continue; // nothing is after it
      }
      List<List<@Nullable Object>> rows =
          c.with(List.of(label), allAt(c.events(), time + 1), tableAt(c.table(), time + 1))
              .actual();
      List<@Nullable Object> features =
          rows.get(0).subList(JoinCase.LABELS.size(), rows.get(0).size());
      for (Object feature : features) {
        boolean isDropped = feature instanceof String s && s.startsWith(NaiveJoin.DROPPED);
        assertEquals(null, isDropped ? null : feature, () -> label + " sees " + features);
      }
    }
  }

  @Property(seed = "4", tries = 100)
  void whatIsAheadOfALabelChangesNothing(@ForAll("cases") JoinCase c) {
    for (Map<String, @Nullable Object> label : c.labels()) {
      long time = (Long) label.get("at");
      checkUnchanged(c, label, time);
    }
  }

  @Property(seed = "5", tries = 100)
  void whatHappensAtItsTimeChangesNothingIfTheRightEndIsOpen(@ForAll("blind") JoinCase c) {
    for (Map<String, @Nullable Object> label : c.labels()) {
      long time = (Long) label.get("at");
      checkUnchanged(c, label, time == Long.MIN_VALUE ? time : time - 1);
    }
  }

  /** Records after {@code last} are not there, which its features must not show. */
  private static void checkUnchanged(JoinCase c, Map<String, @Nullable Object> label, long last) {
    JoinCase all = c.with(List.of(label), c.events(), c.table());
    JoinCase before =
        c.with(
            List.of(label),
            c.events().stream().filter(e -> (Long) e.get("time") <= last).toList(),
            c.table().stream()
                .filter(r -> r.get("valid_from") instanceof Long from && from <= last)
                .toList());
    assertEquals(Optional.empty(), all.difference(before.actual()));
  }

  @Provide
  Arbitrary<JoinCase> cases() {
    return JoinCases.any();
  }

  @Provide
  Arbitrary<JoinCase> blind() {
    return JoinCases.blind();
  }

  private static List<Map<String, @Nullable Object>> allAt(
      List<Map<String, @Nullable Object>> events, long time) {
    return events.stream().map(e -> JoinCase.put(e, "time", time)).toList();
  }

  private static List<Map<String, @Nullable Object>> tableAt(
      List<Map<String, @Nullable Object>> rows, long time) {
    return rows.stream().map(r -> JoinCase.put(r, "valid_from", time)).toList();
  }

  @Example
  void windowsThatEndBeforeRecordsAreKnownAreRefusedByName() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> chargebacks(WindowBounds.DEFAULT.withDelay(Spans.parse("6d"))));
    assertEquals(
        "Leak in group 'chargebacks': 'fraud', 'frauds' may see what is known only after the"
            + " label's time, as its records are known 7d after theirs (give it bounds: { delay: 7d"
            + " } or more)",
        error.getMessage());
    WindowGroup late = chargebacks(WindowBounds.DEFAULT.withDelay(Spans.parse("7d")));
    assertEquals(Spans.parse("7d"), late.knownAfterMicros());
  }

  private static WindowGroup chargebacks(WindowBounds bounds) {
    return new WindowGroup(
        "chargebacks",
        new WindowedAggregates(
            List.of("card"),
            "time",
            null,
            Emission.everyEvent(),
            List.of(
                new Group(
                    List.of(Window.of("30d")),
                    WindowBounds.DEFAULT.withDelay(Spans.parse("8d")),
                    List.of(Feature.of("older", Aggregates.count()))),
                new Group(
                    List.of(Window.of("30d")),
                    bounds,
                    List.of(
                        Feature.of("fraud", Aggregates.last("x")),
                        Feature.of("frauds", Aggregates.count()))))),
        Map.of("card", "card"),
        PointInTime.ANY_AGE,
        Spans.parse("7d"),
        false);
  }

  @Example
  void rowsThatHoldBeforeTheyAreKnownAreRefusedByName() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> limits(0, 1_500_000));
    assertEquals(
        "Leak in group 'limits': 'limit_now', 'country' may see what is known only after the"
            + " label's time, as its records are known 1500ms after theirs (give it bounds: {"
            + " delay: 1500ms } or more)",
        error.getMessage());
    assertEquals(1_500_000, limits(1_500_000, 1_500_000).knownAfterMicros());
  }

  private static AsOfGroup limits(long delay, long knownAfter) {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("limit", "limit_now");
    columns.put("country", "country");
    AsOfGroup plain = AsOfGroup.of("limits", List.of("card"), "valid_from", "limit", "country");
    return new AsOfGroup(
        plain.name(),
        plain.keys(),
        plain.eventTime(),
        null,
        columns,
        WindowBounds.FEAST.withDelay(delay),
        null,
        PointInTime.ANY_AGE,
        knownAfter,
        false);
  }

  /** A label is no event: without ties it sees none of its time, whatever the current event. */
  @Example
  void withoutTiesALabelSeesNothingOfItsTime() {
    RecordSchema events =
        RecordSchema.of(
            Field.of("card", FieldType.STRING), Field.required("time", FieldType.TIMESTAMP));
    RecordSchema labels =
        RecordSchema.of(
            Field.of("card", FieldType.STRING), Field.required("at", FieldType.TIMESTAMP));
    List<@Nullable Object> seen = new ArrayList<>();
    for (WindowBounds bounds :
        List.of(
            WindowBounds.DEFAULT,
            WindowBounds.FEAST,
            WindowBounds.FEAST.withExcludeCurrent(true),
            WindowBounds.OPENMLDB,
            WindowBounds.FEAST.withTies(Ties.NONE),
            WindowBounds.FEAST.withTies(Ties.NONE).withDelay(1))) {
      WindowGroup group =
          WindowGroup.of(
              "payments",
              new WindowedAggregates(
                  List.of("card"),
                  "time",
                  null,
                  Emission.everyEvent(),
                  List.of(
                      new Group(
                          List.of(Window.LIFETIME),
                          bounds,
                          List.of(Feature.of("payments", Aggregates.count()))))));
      BoundJoin plan = BoundJoin.bind(PointInTime.at("at").join(group), labels, List.of(events));
      List<List<@Nullable Object>> rows =
          new JoinPlans(1, Long.MAX_VALUE)
              .rows(
                  plan,
                  List.of(events),
                  List.of(ordered(labels, Map.of("card", "a", "at", 10L))),
                  List.of(
                      List.of(9L, 10L, 10L, 11L).stream()
                          .map(t -> ordered(events, Map.of("card", "a", "time", t)))
                          .toList()),
                  1);
      seen.add(rows.get(0).get(2));
    }
    assertEquals(List.<Object>of(1L, 3L, 3L, 3L, 1L, 1L), seen);
  }

  private static Map<String, @Nullable Object> ordered(
      RecordSchema schema, Map<String, ? extends Object> values) {
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    schema.names().forEach(name -> record.put(name, values.get(name)));
    return record;
  }
}
