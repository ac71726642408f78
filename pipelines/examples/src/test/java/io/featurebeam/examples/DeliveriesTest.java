package io.featurebeam.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.examples.Deliveries.Delivery;
import io.featurebeam.examples.Deliveries.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeliveriesTest {

  private static final int COUNT = 20_000;

  private static List<Delivery> deliveries() {
    Deliveries deliveries =
        new Deliveries(CardPayments.of(1, StreamDemo.START), 1, 86_400_000_000L);
    return Stream.generate(deliveries::next).limit(COUNT).toList();
  }

  @Test
  void theSameSeedGivesTheSame() {
    assertEquals(deliveries(), deliveries());
  }

  @Test
  void whatIsInTimeIsNoOlderThanItMayBe() {
    long happened = 0;
    long disorder = 0;
    for (Delivery delivery : deliveries()) {
      long at = delivery.event().micros();
      if (delivery.kind() == Kind.IN_TIME) {
        disorder = Math.max(disorder, happened - at);
      }
      happened = Math.max(happened, at);
    }
    assertTrue(disorder <= Deliveries.MAX_DISORDER_MICROS, disorder + " microseconds");
    assertTrue(disorder > Deliveries.MAX_DISORDER_MICROS / 2, disorder + " microseconds");
  }

  @Test
  void aCopyIsOfWhatCameBefore() {
    Set<String> seen = new HashSet<>();
    for (Delivery delivery : deliveries()) {
      if (delivery.kind() == Kind.COPY) {
        assertTrue(seen.contains(delivery.event().id()), delivery.event()::id);
      }
      seen.add(delivery.event().id());
    }
  }

  @Test
  void eachKindHasItsShare() {
    Map<Kind, Long> kinds =
        deliveries().stream().collect(Collectors.groupingBy(Delivery::kind, Collectors.counting()));
    assertEquals(0.005 * COUNT, kinds.get(Kind.COPY), 40);
    assertEquals(0.002 * COUNT, kinds.get(Kind.LATE), 30);
    assertEquals(0.001 * COUNT, kinds.get(Kind.UNREADABLE), 20);
    assertEquals(0.002 * COUNT, kinds.get(Kind.INVALID), 30);
  }

  @Test
  void whatBreaksARuleIsAMessageOfItsEvent() {
    Delivery invalid =
        deliveries().stream().filter(d -> d.kind() == Kind.INVALID).findFirst().orElseThrow();
    assertEquals(invalid.event().broken(), new String(invalid.value(), UTF_8));
    assertTrue(invalid.event().broken().contains("\"amount\":-"));
  }
}
