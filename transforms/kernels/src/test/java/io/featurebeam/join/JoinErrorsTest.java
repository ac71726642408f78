package io.featurebeam.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What cannot work fails when the join is made or bound, with name, value, rule and way out. */
class JoinErrorsTest {

  private static final RecordSchema LABELS =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("decided_at", FieldType.TIMESTAMP),
          Field.of("fraud", FieldType.BOOLEAN),
          Field.of("tags", FieldType.listOf(FieldType.STRING)));
  private static final RecordSchema PAYMENTS =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("time", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64));
  private static final RecordSchema PROFILES =
      RecordSchema.of(
          Field.of("card", FieldType.STRING),
          Field.of("number", FieldType.INT64),
          Field.of("valid_from", FieldType.TIMESTAMP),
          Field.of("tags", FieldType.listOf(FieldType.STRING)),
          Field.of("country", FieldType.STRING));

  @Test
  void aJoinNeedsGroupsAndEachANameOfItsOwn() {
    assertFails(
        "Invalid groups: none (labels need at least one)",
        () -> BoundJoin.bind(PointInTime.at("decided_at"), LABELS, List.of()));
    assertFails(
        "Duplicate group: 'profile' (each needs a name of its own)",
        () -> PointInTime.at("decided_at").join(profile("country")).join(profile("number")));
    assertFails(
        "Invalid records: 2 schemas for 1 groups (give one for each)",
        () ->
            BoundJoin.bind(
                PointInTime.at("decided_at").join(profile("country")),
                LABELS,
                List.of(PROFILES, PROFILES)));
  }

  @Test
  void theTimeOfLabelsMustBeATimestampThatIsThere() {
    assertFails(
        "Missing time of the labels: they have no column 'decided'; known: card, decided_at, fraud,"
            + " tags",
        () -> bind("decided", profile("country"), PROFILES));
    assertFails(
        "Missing time of the labels: they have no column 'decided_ad'; did you mean 'decided_at'?",
        () -> bind("decided_ad", profile("country"), PROFILES));
    assertFails(
        "Invalid time of the labels: 'fraud' is boolean (must be timestamp)",
        () -> bind("fraud", profile("country"), PROFILES));
  }

  @Test
  void aLabelWithoutATimeFailsTheShard() {
    BoundJoin plan = bind("decided_at", profile("country"), PROFILES);
    JoinShard shard = plan.shard(0);
    RecordBatch.Builder labels = RecordBatch.builder(LABELS);
    labels.add("a", null, true, null);
    labels.add("a", 1L, true, null);
    shard.addLabels(labels.build());
    assertFails(
        "Column 'decided_at' of the labels has 1 nulls (a label's time must not be null; reject"
            + " such labels with a rule before)",
        shard::finishStage);
  }

  @Test
  void keysMustBeColumnsOfBothAndAlike() {
    assertFails(
        "Missing key of group 'profile': the labels have no column 'number' (say which of theirs it"
            + " is: labelKeys: { number: ... }); known: card, decided_at, fraud, tags",
        () -> bind("decided_at", profile(Map.of("number", "number")), PROFILES));
    assertFails(
        "Missing key of group 'profile': the labels have no column 'crad' (say which of theirs it"
            + " is: labelKeys: { card: ... }); did you mean 'card'?",
        () -> bind("decided_at", profile(Map.of("card", "crad")), PROFILES));
    assertFails(
        "Unknown column of group 'profile': 'crad'; did you mean 'card'?",
        () -> bind("decided_at", profile(Map.of("crad", "card")), PROFILES));
    assertFails(
        "Invalid key of group 'profile': 'number' is int64, 'card' of the labels is string (must be"
            + " the same, and no list)",
        () -> bind("decided_at", profile(Map.of("number", "card")), PROFILES));
    assertFails(
        "Invalid key of group 'profile': 'tags' is list<string>, 'tags' of the labels is"
            + " list<string> (must be the same, and no list)",
        () -> bind("decided_at", profile(Map.of("tags", "tags")), PROFILES));
    assertFails(
        "Invalid keys of group 'profile': {card=card, country=card} (each needs a column of the"
            + " labels of its own)",
        () ->
            bind(
                "decided_at",
                profile(new TreeMap<>(Map.of("card", "card", "country", "card"))),
                PROFILES));
  }

  @Test
  void aGroupNeedsKeysEachOnceAndOnlyItsOwn() {
    assertFails(
        "Invalid keys of group 'profile': none (labels find records by at least one)",
        () -> profile(Map.of()));
    assertFails(
        "Invalid keys of group 'spending': [card, card] (name each once)",
        () -> WindowGroup.of("spending", spending(List.of("card", "card"), "total", "amount")));
    assertFails(
        "Unknown key of group 'spending': 'user' (its keys are [card])",
        () -> window(Map.of("user", "card"), PointInTime.ANY_AGE, 0));
  }

  @Test
  void agesMustNotBeNegative() {
    assertFails(
        "Invalid ttl of group 'spending': -1 microseconds (must be >= 0)",
        () -> window(Map.of(), -1, 0));
    assertFails(
        "Invalid knownAfter of group 'spending': -1 microseconds (must be >= 0)",
        () -> window(Map.of(), 0, -1));
    assertFails(
        "Invalid ttl of group 'profile': -5 microseconds (must be >= 0)",
        () -> profile("valid_from", null, Map.of("country", "country"), WindowBounds.FEAST, -5));
  }

  @Test
  void anAsOfGroupNeedsColumnsThatAreThere() {
    assertFails(
        "Invalid columns of group 'profile': none (name at least one that labels get)",
        () -> AsOfGroup.of("profile", List.of("card"), "valid_from"));
    assertFails(
        "Unknown column of group 'profile': 'contry'; did you mean 'country'?",
        () -> bind("decided_at", profile("contry"), PROFILES));
    assertFails(
        "Unknown column of group 'profile': 'made'; known: card, number, valid_from, tags, country",
        () -> bind("decided_at", profile("valid_from", "made"), PROFILES));
  }

  @Test
  void theTimesOfAnAsOfGroupMustBeTimes() {
    assertFails(
        "Invalid eventTime of group 'profile': 'country' is string (must be timestamp)",
        () -> bind("decided_at", profile("country", null), PROFILES));
    assertFails(
        "Invalid created of group 'profile': 'country' is string (must be int64, timestamp, date or"
            + " time)",
        () -> bind("decided_at", profile("valid_from", "country"), PROFILES));
  }

  @Test
  void ofBoundsAnAsOfGroupHasTheRightEndAndTheDelay() {
    for (WindowBounds bounds :
        List.of(
            WindowBounds.FEATHR,
            WindowBounds.OPENMLDB,
            WindowBounds.FEAST.withHop(1),
            WindowBounds.FEAST.withRowCap(1),
            WindowBounds.FEAST.withRowDelay(1),
            WindowBounds.FEAST.withExcludeCurrent(true))) {
      assertFails(
          "Invalid bounds of group 'profile': more than right and delay (an as-of join looks for"
              + " one row; its age is the ttl)",
          () -> profile("valid_from", null, Map.of("country", "country"), bounds, 0));
    }
  }

  @Test
  void columnsOfAllMustHaveNamesOfTheirOwn() {
    assertFails(
        "Duplicate column: 'card' of group 'profile' and of the labels (give one of them another"
            + " name)",
        () -> bind("decided_at", profile("card"), PROFILES));
    PointInTime join =
        PointInTime.at("decided_at")
            .join(WindowGroup.of("spending", spending(List.of("card"), "total", "amount")))
            .join(
                profile("valid_from", null, Map.of("country", "total_1d"), WindowBounds.FEAST, 0));
    assertFails(
        "Duplicate column: 'total_1d' of group 'profile' and of group 'spending' (give one of them"
            + " another name)",
        () -> BoundJoin.bind(join, LABELS, List.of(PAYMENTS, PROFILES)));
  }

  @Test
  void whatAggregatesRefuseNamesTheGroup() {
    assertFails(
        "In group 'spending': Unknown column: 'amuont'; did you mean 'amount'?",
        () ->
            bind(
                "decided_at",
                WindowGroup.of("spending", spending(List.of("card"), "total", "amuont")),
                PAYMENTS));
    assertFails(
        "In group 'spending': Invalid column for sum: 'card' is string (must be int64 or float64)",
        () ->
            bind(
                "decided_at",
                WindowGroup.of("spending", spending(List.of("card"), "total", "card")),
                PAYMENTS));
  }

  @Test
  void whatConditionsRefuseNamesTheGroup() {
    assertFails(
        """
        In group 'profile': Invalid expression at column 1: Unknown column: 'cuontry'; did you mean 'country'?
          cuontry == 'NP'
          ^\
        """,
        () -> bind("decided_at", where("cuontry == 'NP'"), PROFILES));
    assertFails(
        """
        In group 'profile': Invalid expression at column 12: Unknown column: 'label_crad'; did you mean 'label_card'?
          country == label_crad
                     ^\
        """,
        () -> bind("decided_at", where("country == label_crad"), PROFILES));
    assertFails(
        "In group 'profile': Invalid where: 'number + 1' is int64 (must be boolean)",
        () -> bind("decided_at", where("number + 1"), PROFILES));
  }

  private static AsOfGroup profile(String column) {
    return AsOfGroup.of("profile", List.of("card"), "valid_from", column);
  }

  private static AsOfGroup profile(String eventTime, @Nullable String created) {
    return profile(
        eventTime, created, Map.of("country", "home"), WindowBounds.FEAST, PointInTime.ANY_AGE);
  }

  private static AsOfGroup profile(
      String eventTime,
      @Nullable String created,
      Map<String, String> columns,
      WindowBounds bounds,
      long ttl) {
    return new AsOfGroup(
        "profile",
        Map.of("card", "card"),
        eventTime,
        created,
        columns,
        bounds,
        null,
        ttl,
        0,
        false);
  }

  private static AsOfGroup profile(Map<String, String> keys) {
    return new AsOfGroup(
        "profile",
        keys,
        "valid_from",
        null,
        Map.of("country", "home"),
        WindowBounds.FEAST,
        null,
        PointInTime.ANY_AGE,
        0,
        false);
  }

  private static AsOfGroup where(String cel) {
    return new AsOfGroup(
        "profile",
        Map.of("card", "card"),
        "valid_from",
        null,
        Map.of("country", "home"),
        WindowBounds.FEAST,
        cel,
        PointInTime.ANY_AGE,
        0,
        false);
  }

  private static WindowGroup window(Map<String, String> keys, long ttl, long knownAfter) {
    return new WindowGroup(
        "spending", spending(List.of("card"), "total", "amount"), keys, ttl, knownAfter, false);
  }

  private static WindowedAggregates spending(List<String> keys, String name, String column) {
    return new WindowedAggregates(
        keys,
        "time",
        null,
        Emission.everyEvent(),
        List.of(
            new Group(
                List.of(Window.of("1d")),
                WindowBounds.DEFAULT,
                List.of(Feature.of(name, Aggregates.sum(column))))));
  }

  private static BoundJoin bind(String labelTime, JoinGroup group, RecordSchema records) {
    return BoundJoin.bind(PointInTime.at(labelTime).join(group), LABELS, List.of(records));
  }

  private static void assertFails(String message, Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
