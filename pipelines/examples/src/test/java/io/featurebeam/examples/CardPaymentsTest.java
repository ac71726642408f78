package io.featurebeam.examples;

import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.examples.Event.Planted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CardPaymentsTest {

  private static final Instant START = Instant.parse("2025-01-06T00:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long HOUR = 3_600_000_000L;

  private static List<Event> events(long seed, int count) {
    CardPayments payments = CardPayments.of(seed, START);
    return Stream.generate(payments::next).limit(count).toList();
  }

  private static JsonNode json(Event event) {
    try {
      return JSON.readTree(event.json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<Planted, List<Event>> frauds(List<Event> events) {
    return events.stream().filter(e -> e.planted() != null).collect(groupingBy(Event::planted));
  }

  @Test
  void theSameSeedGivesTheSameAndAnotherAnother() {
    assertEquals(events(7, 2000), events(7, 2000));
    assertNotEquals(events(7, 2000), events(8, 2000));
  }

  @Test
  void paymentsComeInTheOrderOfTimeEachWithAnIdOfItsOwn() {
    List<Event> events = events(1, 5000);
    for (int i = 1; i < events.size(); i++) {
      assertTrue(events.get(i - 1).micros() <= events.get(i).micros(), "at " + i);
    }
    assertEquals(5000, events.stream().map(Event::id).distinct().count());
    assertEquals("p0000001", events.get(0).id());
  }

  @Test
  void cardsPayFourTimesADayAndMoreByDay() {
    List<Event> events =
        events(1, 30_000).stream().filter(event -> event.planted() == null).toList();
    double days = (events.get(events.size() - 1).micros() - events.get(0).micros()) / 24.0 / HOUR;
    assertEquals(4, events.size() / days / 500, 0.2);

    Map<Long, Long> perHour =
        events.stream()
            .collect(groupingBy(event -> event.micros() / HOUR % 24, Collectors.counting()));
    assertTrue(perHour.get(18L) > 10 * perHour.get(3L), perHour::toString);
  }

  @Test
  void aTestedCardPaysLittleManyTimesWithinMinutes() {
    List<List<Event>> tested = of("card testing");
    assertTrue(tested.size() > 10, () -> tested.size() + " are there");
    for (List<Event> fraud : tested) {
      assertTrue(fraud.size() >= 8);
      assertTrue(fraud.get(fraud.size() - 1).micros() - fraud.get(0).micros() < HOUR / 6);
      assertTrue(fraud.stream().allMatch(e -> json(e).get("amount").doubleValue() <= 2.5));
      assertEquals(1, fraud.stream().map(Event::key).distinct().count());
    }
  }

  @Test
  void aStolenCardPaysMuchAbroad() {
    for (List<Event> fraud : of("stolen card")) {
      for (Event event : fraud) {
        JsonNode payment = json(event);
        assertNotEquals(payment.get("home"), payment.get("country"));
        assertTrue(payment.get("amount").doubleValue() > 50, event::json);
      }
    }
  }

  @Test
  void aHoppingCardIsInFiveCountriesWithinAnHour() {
    for (List<Event> fraud : of("country hopping")) {
      Set<JsonNode> countries =
          fraud.stream().map(e -> json(e).get("country")).collect(Collectors.toSet());
      assertEquals(5, countries.size());
      assertTrue(fraud.get(4).micros() - fraud.get(0).micros() < HOUR);
    }
  }

  /** The frauds of a kind that are whole. */
  private static List<List<Event>> of(String kind) {
    List<Event> events = events(1, 20_000);
    return frauds(events.subList(0, 19_800)).entrySet().stream()
        .filter(fraud -> fraud.getKey().kind().equals(kind))
        .map(Map.Entry::getValue)
        .filter(fraud -> fraud.size() >= 3)
        .filter(fraud -> !kind.equals("country hopping") || fraud.size() == 5)
        .filter(fraud -> !kind.equals("card testing") || fraud.size() >= 8)
        .toList();
  }
}
