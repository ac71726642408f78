package io.featurebeam.examples;

import io.featurebeam.examples.Event.Planted;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was sent and planted, and what of it was found. */
final class Scoreboard {

  private final Example example;
  private final Map<Deliveries.Kind, Long> sent = new EnumMap<>(Deliveries.Kind.class);
  private final Map<String, Planted> planted = new HashMap<>();
  private final Set<Planted> found = new HashSet<>();
  private final Set<String> firsts = new HashSet<>();
  private final Set<String> alerts = new HashSet<>();
  private long right;

  Scoreboard(Example example) {
    this.example = example;
  }

  synchronized void sent(Deliveries.Delivery delivery) {
    sent.merge(delivery.kind(), 1L, Long::sum);
    Planted of = delivery.event().planted();
    if (of != null) {
      planted.put(delivery.event().id(), of);
    }
  }

  /** What an event is part of; null if nobody planted it. */
  synchronized @Nullable Planted planted(String id) {
    return planted.get(id);
  }

  /** Whether there was none on this event before: a row may come again, and be of two kinds. */
  synchronized boolean isNew(String id) {
    return !alerts.contains(id);
  }

  /** Counts an alert; whether it is the first with this word on what was planted there. */
  synchronized boolean alert(String word, String id) {
    boolean isNew = alerts.add(id);
    Planted of = planted.get(id);
    if (of == null) {
      return false;
    }
    right += isNew ? 1 : 0;
    found.add(of);
    return firsts.add(word + of.number());
  }

  synchronized String text() {
    String kinds =
        sent.entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%,d %s", e.getValue(), e.getKey().words()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%n%,d %s were sent: %s%n"
            + "%,d %s were planted among them, %,d are found; %,d of %,d alerts are on them%n",
        sent.values().stream().mapToLong(Long::longValue).sum(),
        example.events(),
        kinds,
        Set.copyOf(planted.values()).size(),
        example.planted(),
        found.size(),
        right,
        alerts.size());
  }
}
