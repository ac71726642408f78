package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.examples.Event.Planted;
import io.featurebeam.pipelines.report.Terminal;
import org.jspecify.annotations.Nullable;

/** Shows rows as lines of a table, above the line of progress if there is one. */
final class Screen {

  private static final int LINES_PER_HEADING = 30;

  private final Example example;
  private final Scoreboard scores;
  private final String erase;
  private long rows;
  private long alerts;
  private long lines;
  private @Nullable JsonNode last;

  Screen(Example example, Scoreboard scores) {
    this.example = example;
    this.scores = scores;
    this.erase = Terminal.isThere() ? "\r\u001b[2K" : "";
  }

  void row(JsonNode row) {
    boolean isPlanted = scores.planted(id(row)) != null; // seen if there is an alert on it
    if (!isPlanted && rows++ % example.oneIn() == 0) {
      show(row, "");
    }
  }

  private String id(JsonNode row) {
    return row.path(example.id()).asText();
  }

  void alert(String topic, JsonNode row) {
    String word = example.alerts().get(topic);
    boolean isNew = scores.isNew(id(row));
    boolean isFirst = scores.alert(word, id(row));
    if (isFirst || (isNew && alerts++ % example.alertsOneIn() == 0)) {
      show(row, "  " + word);
    }
  }

  /** The row that was shown last; null before the first. */
  synchronized @Nullable JsonNode last() {
    return last;
  }

  /** A row as it was found in a store, among those that come out of the stream. */
  synchronized void stored(JsonNode row, String told) {
    print(row, "  STORE  " + told);
  }

  private synchronized void show(JsonNode row, String alert) {
    last = row;
    Planted planted = scores.planted(id(row));
    print(row, alert + (planted == null ? "" : "  " + planted.kind() + " " + planted.number()));
  }

  private void print(JsonNode row, String mark) {
    String heading = lines++ % LINES_PER_HEADING == 0 ? "  " + example.heading() + "\n" : "";
    System.out.println(erase + heading + "  " + example.line(row) + mark);
  }
}
