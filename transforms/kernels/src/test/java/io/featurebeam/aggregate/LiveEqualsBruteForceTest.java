package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.time.Emission;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;

/**
 * A stream equals {@link BruteForce} at every moment, whatever the order of arrival, lateness,
 * batches and restarts: see {@link LiveRun}. {@code -Djqwik.tries.default=20000} sets how many
 * cases are tried.
 */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class LiveEqualsBruteForceTest {

  @Property(seed = "1")
  void everyMomentEqualsBruteForce(
      @ForAll("cases") AggregateCase c, @ForAll("lateness") long lateness) {
    assertEquals(Optional.empty(), new LiveRun(c, lateness).problem());
  }

  @Property(seed = "2")
  void tilesEqualBruteForce(@ForAll("tiledCases") AggregateCase c, @ForAll("lateness") long late) {
    assertEquals(Optional.empty(), new LiveRun(c, late).problem());
  }

  @Property(seed = "3")
  void rowsShownEarlyEqualBruteForce(
      @ForAll("earlyCases") AggregateCase c, @ForAll("lateness") long late) {
    assertEquals(Optional.empty(), new LiveRun(c, late).problem());
  }

  @Provide
  Arbitrary<AggregateCase> earlyCases() {
    return AggregateCases.any()
        .filter(
            c ->
                c.spec().emission().kind() != Emission.Kind.EVERY_EVENT
                    && !c.spec().isSessionClose())
        .map(
            c -> {
              WindowedAggregates s = c.spec();
              return c.with(
                  new WindowedAggregates(
                      s.keys(),
                      s.eventTime(),
                      s.sequence(),
                      s.emission().withEarly(1),
                      s.groups()));
            });
  }

  @Provide
  Arbitrary<AggregateCase> cases() {
    return AggregateCases.any();
  }

  @Provide
  Arbitrary<AggregateCase> tiledCases() {
    return AggregateCases.tiled();
  }

  @Provide
  Arbitrary<Long> lateness() {
    return Arbitraries.of(0L, 0L, 1L, 1_800_000_000L, 86_400_000_000L, Long.MAX_VALUE);
  }
}
