package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Both plans equal {@link BruteForce}, whatever the order, batches, bundles, shards and physical
 * form of the events. {@code -Djqwik.tries.default=20000} sets how many cases are tried.
 */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class PlansEqualBruteForceTest {

  @Property(seed = "1")
  void everyPlanEqualsBruteForce(@ForAll("cases") AggregateCase c) {
    assertEquals(Optional.empty(), c.difference(c.expected()));
  }

  @Property(seed = "2")
  void tilesEqualBruteForce(@ForAll("tiledCases") AggregateCase c) {
    assertEquals(Optional.empty(), c.difference(c.expected()));
  }

  @Property(seed = "3")
  void orderBundlesAndShardsDoNotMatter(@ForAll("cases") AggregateCase c) {
    List<String> once = bits(Plans.all(1).rows(c.plan(), c.events(), c.seed()));
    List<String> again =
        bits(new Plans(7, 3, Long.MIN_VALUE, Long.MAX_VALUE).rows(c.plan(), c.events(), ~c.seed()));
    assertEquals(once, again);
  }

  @Property(seed = "4")
  void aRangeIsTheFullRunFiltered(@ForAll("cases") AggregateCase c) {
    long from = -1800_000_000L * 3;
    long to = 1800_000_000L * 8;
    int time = c.plan().outputSchema().indexOf(c.plan().outputTime());
    List<List<@Nullable Object>> full = Plans.all(2).rows(c.plan(), c.events(), c.seed());
    full.removeIf(row -> (Long) row.get(time) < from || (Long) row.get(time) >= to);
    List<List<@Nullable Object>> range =
        new Plans(3, 5, from, to).rows(c.plan(), c.events(), c.seed() + 1);
    assertEquals(bits(full), bits(range));
  }

  @Provide
  Arbitrary<AggregateCase> cases() {
    return AggregateCases.any();
  }

  @Provide
  Arbitrary<AggregateCase> tiledCases() {
    return AggregateCases.tiled();
  }

  /** Rows to the last bit, sorted: -0.0 is not 0.0. */
  private static List<String> bits(List<List<@Nullable Object>> rows) {
    List<String> bits = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      StringBuilder text = new StringBuilder();
      for (Object value : row) {
        text.append(value instanceof Double d ? "f" + Double.doubleToRawLongBits(d) : value)
            .append('|');
      }
      bits.add(text.toString());
    }
    bits.sort(String::compareTo);
    return bits;
  }
}
