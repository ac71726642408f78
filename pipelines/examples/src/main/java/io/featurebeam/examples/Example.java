package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stream that can be shown, as far as it differs from the others. */
interface Example {

  /**
   * Rows as a store keeps them.
   *
   * @param key the column that they are looked up by
   * @param time the column with the time of the event
   */
  record Stored(String key, String time) {}

  /** Of the spec and of its folder. */
  String name();

  /** What an event is called, in the plural. */
  String events();

  /** What is planted among them, in the plural. */
  String planted();

  /** What the generator makes, in a line. */
  String generator();

  /** The topic of events. */
  String input();

  /** The topic of all rows. */
  String rows();

  /** The topics of those that somebody should look at, each with a word for what it holds. */
  Map<String, String> alerts();

  /** The column of rows that holds the event's id. */
  String id();

  /** What a store keeps the newest row of; nothing if the spec has none. */
  default Optional<Stored> stored() {
    return Optional.empty();
  }

  Events events(long seed, Instant start);

  /** How late an event comes at least that comes too late. */
  long lateMicros();

  /** How many messages a second are sent. */
  int rate();

  /** Of how many rows without an alert one is shown. */
  int oneIn();

  /** Of how many alerts one is shown, beside the first on each that was planted. */
  int alertsOneIn();

  /** The headings of the table. */
  String heading();

  /** A row of either topic as a line of the table. */
  String line(JsonNode row);

  /** All there are. */
  static List<Example> all() {
    return List.of(new CardFraud(), new PatientVitals());
  }
}
