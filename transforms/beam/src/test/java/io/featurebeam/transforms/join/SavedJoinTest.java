package io.featurebeam.transforms.join;

import static io.featurebeam.transforms.join.PointInTimeJoinTest.HOUR;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.LABELS;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.PAYMENTS;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.SHOPS;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.SPENDING;
import static io.featurebeam.transforms.join.PointInTimeJoinTest.shop;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.join.PointInTime;
import io.featurebeam.join.WindowGroup;
import io.featurebeam.time.Window;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of a join that goes on from state, what may have changed since. */
class SavedJoinTest {

  private static Map<String, String> saved(WindowedAggregates spending, int shards, long lateness) {
    PointInTime join =
        PointInTime.at("decided_at").join(WindowGroup.of("spending", spending)).join(shop(false));
    return SavedJoin.of(join, LABELS, List.of(PAYMENTS, SHOPS), List.of(0), shards, lateness);
  }

  private static WindowedAggregates over(String window, Feature feature) {
    Group group = SPENDING.groups().get(0);
    return new WindowedAggregates(
        SPENDING.keys(),
        SPENDING.eventTime(),
        null,
        SPENDING.emission(),
        List.of(new Group(List.of(Window.of(window)), group.bounds(), List.of(feature))));
  }

  private static List<String> differing(Map<String, String> now) {
    return SavedJoin.differing(saved(SPENDING, 4, 0), now);
  }

  @Test
  void otherFeaturesOverTheSameWindowsGoOn() {
    assertEquals(
        List.of(),
        differing(saved(over("1h", Feature.of("most", Aggregates.max("amount"))), 4, 0)));
  }

  @Test
  void otherWindowsShardsAndLatenessAreNamed() {
    assertEquals(
        List.of("groups.spending"),
        differing(saved(over("2h", Feature.of("payments", Aggregates.count())), 4, 0)));
    assertEquals(List.of("shards"), differing(saved(SPENDING, 5, 0)));
    assertEquals(List.of("lateness"), differing(saved(SPENDING, 4, HOUR)));
  }
}
