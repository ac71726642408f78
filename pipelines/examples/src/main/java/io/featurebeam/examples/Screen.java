package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.examples.Event.Planted;

/** Shows rows as lines of a table, above the line of progress if there is one. */
final class Screen {

  private static final int LINES_PER_HEADING = 30;

  private final Example example;
  private final Scoreboard scores;
  private final String erase;
  private long rows;
  private long lines;

  Screen(Example example, Scoreboard scores) {
    this.example = example;
    this.scores = scores;
    this.erase = System.console() == null ? "" : "\r\u001b[2K";
  }

  void row(JsonNode row) {
    if (rows++ % example.oneIn() == 0) {
      show(row, "");
    }
  }

  void alert(JsonNode row) {
    if (scores.alert(row.path(example.id()).asText())) {
      show(row, "  ALERT");
    }
  }

  private void show(JsonNode row, String alert) {
    Planted planted = scores.planted(row.path(example.id()).asText());
    String heading = lines++ % LINES_PER_HEADING == 0 ? "  " + example.heading() + "\n" : "";
    String mark = planted == null ? "" : "  " + planted.kind() + " " + planted.number();
    System.out.println(erase + heading + "  " + example.line(row) + alert + mark);
  }
}
