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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WardReadingsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MINUTE = 60_000_000L;

  private static List<Event> events(long seed, int count) {
    WardReadings readings = WardReadings.of(seed, StreamDemo.START);
    return Stream.generate(readings::next).limit(count).toList();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DoubleStream values(List<Event> events, String column) {
    return events.stream()
        .map(event -> json(event.json()).path(column))
        .filter(JsonNode::isNumber)
        .mapToDouble(JsonNode::doubleValue);
  }

  /** The cases of a kind that are over. */
  private static List<List<Event>> cases(String kind) {
    Map<Planted, List<Event>> cases =
        events(1, 40_000).stream()
            .filter(e -> e.planted() != null)
            .collect(groupingBy(Event::planted));
    int last = cases.keySet().stream().mapToInt(Planted::number).max().orElse(0);
    return cases.entrySet().stream()
        .filter(e -> e.getKey().kind().equals(kind) && e.getKey().number() < last - 4)
        .map(Map.Entry::getValue)
        .toList();
  }

  @Test
  void theSameSeedGivesTheSameAndAnotherAnother() {
    assertEquals(events(7, 2000), events(7, 2000));
    assertNotEquals(events(7, 2000), events(8, 2000));
  }

  @Test
  void readingsComeInTheOrderOfTimeEachWithAnIdOfItsOwn() {
    List<Event> events = events(1, 20_000);
    assertEquals(events, events.stream().sorted(Comparator.comparingLong(Event::micros)).toList());
    assertEquals(20_000, events.stream().map(Event::id).distinct().count());
  }

  @Test
  void aSensorThatComesOffIsSilentForHalfAnHourOrMore() {
    Map<String, List<Event>> patients = events(1, 40_000).stream().collect(groupingBy(Event::key));
    assertEquals(40, patients.size());
    List<Long> gaps =
        patients.values().stream()
            .flatMap(
                readings ->
                    Stream.iterate(1, i -> i < readings.size(), i -> i + 1)
                        .map(i -> readings.get(i).micros() - readings.get(i - 1).micros()))
            .filter(gap -> gap > MINUTE)
            .toList();
    assertTrue(gaps.size() > 20, () -> gaps.size() + " gaps");
    assertTrue(gaps.stream().allMatch(gap -> gap >= 30 * MINUTE && gap <= 180 * MINUTE));
  }

  @Test
  void healthyPatientsStayWithinBounds() {
    List<Event> healthy = events(1, 20_000).stream().filter(e -> e.planted() == null).toList();
    assertTrue(values(healthy, "oxygen").allMatch(oxygen -> oxygen >= 91 && oxygen <= 100));
    assertTrue(values(healthy, "heart_rate").allMatch(rate -> rate > 45 && rate < 110));
    assertEquals(1 / 15.0, (double) values(healthy, "systolic").count() / healthy.size(), 0.01);
  }

  @Test
  void oxygenFallsSlowlyOrFromOneMinuteToTheNext() {
    for (List<Event> slow : cases("desaturation")) {
      assertTrue(slow.size() >= 89 && slow.size() <= 121, () -> slow.size() + " readings");
      assertTrue(values(slow.subList(0, 10), "oxygen").min().orElseThrow() > 89);
      assertTrue(values(slow, "oxygen").min().orElseThrow() < 88);
    }
    for (List<Event> sudden : cases("apnea")) {
      assertTrue(sudden.size() >= 7 && sudden.size() <= 13, () -> sudden.size() + " readings");
      assertTrue(values(sudden.subList(0, 3), "oxygen").max().orElseThrow() < 88);
    }
  }

  @Test
  void inShockTheHeartRacesAndPressureFalls() {
    for (List<Event> shock : cases("shock")) {
      double[] rates = values(shock, "heart_rate").toArray();
      double[] pressures = values(shock, "systolic").toArray();
      assertTrue(DoubleStream.of(rates).max().orElseThrow() - rates[0] > 40);
      assertTrue(pressures[0] - DoubleStream.of(pressures).min().orElseThrow() > 20);
    }
  }

  @Test
  void aLooseSensorSaysWhatCannotBe() {
    for (Event event : events(1, 1000)) {
      JsonNode loose = json(event.broken());
      assertTrue(
          loose.get("heart_rate").intValue() == 0 || loose.get("oxygen").doubleValue() == 127,
          event::broken);
    }
  }
}
