package io.featurebeam.pipelines.report;

import java.time.Duration;
import java.util.Map;

/**
 * Where the records of a stream went up to now. What was read is in one of the four counts, or on
 * its way to one.
 *
 * @param name of the run
 * @param runner that runs it
 * @param elapsed since it began
 * @param balance of the records that are through
 * @param rows that came out
 * @param outputs the rows of each output; empty if there is one
 * @param underway records that were read and are not through
 */
public record StreamSummary(
    String name,
    String runner,
    Duration elapsed,
    RunSummary.Balance balance,
    long rows,
    Map<String, Long> outputs,
    long underway) {

  /** The text, each line ended by a newline. */
  public String print(String ended) {
    StringBuilder each = new StringBuilder();
    outputs.forEach(
        (output, written) ->
            each.append("    ")
                .append(Wording.count(written))
                .append(" to ")
                .append(output)
                .append('\n'));
    return name
        + " "
        + ended
        + " after "
        + Wording.duration(elapsed)
        + " on "
        + runner
        + "\n"
        + SummaryPrinter.balance(balance)
        + "  rows out "
        + Wording.count(rows)
        + "\n"
        + each
        + (underway == 0
            ? ""
            : "  " + Wording.count(underway, "record") + " read and still on the way\n");
  }
}
