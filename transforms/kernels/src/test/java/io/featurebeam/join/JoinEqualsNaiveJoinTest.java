package io.featurebeam.join;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The whole join equals {@link NaiveJoin}: any groups, keys, bounds, ages, ties, nulls, shards. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class JoinEqualsNaiveJoinTest {

  @Property(seed = "1")
  void joinedLabelsEqualANestedLoop(@ForAll("cases") JoinCase c) {
    assertEquals(Optional.empty(), c.difference(c.expected()));
  }

  /** What must not matter: another seed gives the same. */
  @Property(seed = "2", tries = 100)
  void orderBundlesShardsAndFormDoNotMatter(@ForAll("cases") JoinCase c) {
    JoinCase other =
        new JoinCase(c.join(), c.asked(), c.labels(), c.events(), c.table(), c.seed() + 1);
    assertEquals(Optional.empty(), c.difference(c.actual(), other.actual()));
  }

  /** However little of labels, events and rows is in memory at a time: to the last bit. */
  @Property(seed = "3", tries = 150)
  void howMuchIsInMemoryDoesNotMatter(@ForAll("cases") JoinCase c) {
    List<List<@Nullable Object>> all = c.actual(Long.MAX_VALUE);
    for (long maxBytes : new long[] {0, 300, 1000, 3000}) {
      assertEquals(Optional.empty(), c.difference(all, c.actual(maxBytes)));
    }
  }

  @Provide
  Arbitrary<JoinCase> cases() {
    return JoinCases.any();
  }
}
