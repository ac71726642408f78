package io.featurebeam.integration;

import io.featurebeam.columnar.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What all tests showed, as a page of the documentation. */
final class CapabilityTable {

  private static final String HEAD =
      """
      # What runs where

      `mvn verify` makes this page of the results of its tests, and fails where they no longer say the same. A row is a key
      or a word of the spec by its path, or a flag; `source.NAME` is a source of your own. [spec.md](spec.md) says what each
      means, and the pages of [Direct](direct.md), [Flink](flink.md), [Spark](spark.md) and [Dataflow](dataflow.md) what
      else to know.

      | cell | means |
      |---|---|
      | yes 3 | three tests show it, by whole runs on that runner |
      | graph 3 | three tests show that Dataflow's own runner accepts and translates it; nothing ran in a cloud |
      | no | refused by name before anything runs, as a test shows |
      | untested | no test shows it: Dataflow's tests are without a cloud, and Spark's class path does not take the tests' broker (its Scala is 2.12, the broker's 2.13) |
      | not yet | no test shows it in a stream |
      | - | has a meaning in streams alone, or, of the skew check, in batches alone |
      """;

  private final List<Capabilities.Section> sections;
  private final Map<Runner, List<Shown>> shown;
  private final List<String> problems = new ArrayList<>();

  private CapabilityTable(List<Capabilities.Section> sections, Map<Runner, List<Shown>> shown) {
    this.sections = sections;
    this.shown = shown;
  }

  /**
   * The page; {@link IllegalStateException} names each row without a test, each test that failed,
   * and each that shows what is no row.
   */
  static String of(List<Capabilities.Section> sections, Map<Runner, List<Shown>> shown) {
    CapabilityTable table = new CapabilityTable(sections, shown);
    table.checkNames();
    String text = table.text();
    if (!table.problems.isEmpty()) {
      throw new IllegalStateException(String.join("\n", table.problems));
    }
    return text;
  }

  private void checkNames() {
    List<String> rows = sections.stream().flatMap(section -> section.rows().stream()).toList();
    shown.values().stream()
        .flatMap(List::stream)
        .filter(one -> !rows.contains(one.what()) && !one.what().equals(Shows.ALL))
        .map(one -> "Unknown row: '" + one.what() + "' of " + one.test() + hint(one, rows))
        .distinct()
        .forEach(problems::add);
  }

  private static String hint(Shown one, List<String> rows) {
    return Spelling.hint(one.what(), rows);
  }

  private String text() {
    StringBuilder out = new StringBuilder(HEAD);
    for (Capabilities.Section section : sections) {
      out.append("\n## ").append(section.title()).append("\n\n| |");
      for (Shows.Mode mode : Shows.Mode.values()) {
        for (Runner runner : Runner.values()) {
          out.append(' ').append(label(runner)).append(", ");
          out.append(mode.name().toLowerCase(Locale.ROOT)).append(" |");
        }
      }
      out.append("\n|").append("---|".repeat(1 + 2 * Runner.values().length)).append('\n');
      section.rows().forEach(row -> out.append("| `").append(row).append("` |").append(cells(row)));
    }
    return out.toString();
  }

  private String cells(String row) {
    return Arrays.stream(Shows.Mode.values())
            .flatMap(mode -> Arrays.stream(Runner.values()).map(runner -> cell(row, mode, runner)))
            .map(cell -> " " + cell + " |")
            .collect(Collectors.joining())
        + "\n";
  }

  private String cell(String row, Shows.Mode mode, Runner runner) {
    List<Shown> all =
        shown.getOrDefault(runner, List.of()).stream()
            .filter(one -> one.mode() == mode)
            .filter(one -> one.what().equals(row) || one.what().equals(Shows.ALL))
            .toList();
    all.stream()
        .filter(one -> one.outcome() == Shown.Outcome.FAILED)
        .forEach(one -> problems.add("Failed on " + label(runner) + ": " + one.test()));
    long passed = tests(all, Shown.Outcome.PASSED);
    long refused = tests(all, Shown.Outcome.REFUSED);
    String what = "'" + row + "' in a " + mode.name().toLowerCase(Locale.ROOT);
    if (passed > 0 && refused > 0) {
      problems.add("Both shown and refused: " + what + " on " + label(runner));
    }
    if (refused > 0) {
      return "no";
    }
    if (passed > 0) {
      return (runner == Runner.DATAFLOW ? "graph " : "yes ") + passed;
    }
    if (mode == Shows.Mode.STREAM) {
      return row.startsWith("skew.") ? "-" : "not yet";
    }
    if (row.equals("lateness") || row.equals("aggregate.early")) {
      return "-";
    }
    boolean noBroker = runner == Runner.SPARK && row.endsWith(".kafka");
    if (runner != Runner.DATAFLOW && !noBroker) {
      problems.add(
          "No test shows "
              + what
              + " on "
              + label(runner)
              + " (say so on one of the suite: @Shows(\""
              + row
              + "\"))");
    }
    return "untested";
  }

  private static long tests(List<Shown> all, Shown.Outcome outcome) {
    return all.stream().filter(one -> one.outcome() == outcome).map(Shown::test).distinct().count();
  }

  private static String label(Runner runner) {
    String name = runner.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
