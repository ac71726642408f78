package io.featurebeam.pipelines.report;

import java.time.Duration;

/**
 * Where the records of a stream went up to now. What was read is in one of the four counts, or on
 * its way to one.
 *
 * @param name of the run
 * @param runner that runs it
 * @param elapsed since it began
 * @param balance of the records that are through
 * @param rows that came out
 * @param underway records that were read and are not through
 */
public record StreamSummary(
    String name,
    String runner,
    Duration elapsed,
    RunSummary.Balance balance,
    long rows,
    long underway) {

  /** The text, each line ended by a newline. */
  public String print(String ended) {
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
        + (underway == 0
            ? ""
            : "  " + Wording.count(underway, "record") + " read and still on the way\n");
  }
}
