package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.examples.Event.Planted;
import io.featurebeam.pipelines.report.Terminal;

/** Shows rows as lines of a table, above the line of progress if there is one. */
final class Screen {

  private static final int LINES_PER_HEADING = 30;

  private final Example example;
  private final Scoreboard scores;
  private final String erase;
  private long rows;
  private long alerts;
  private long lines;

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

  private void show(JsonNode row, String alert) {
    Planted planted = scores.planted(id(row));
    String heading = lines++ % LINES_PER_HEADING == 0 ? "  " + example.heading() + "\n" : "";
    String mark = planted == null ? "" : "  " + planted.kind() + " " + planted.number();
    System.out.println(erase + heading + "  " + example.line(row) + alert + mark);
  }
}
