package io.featurebeam.pipelines.report;

import io.featurebeam.pipelines.report.RunSummary.Balance;
import io.featurebeam.pipelines.report.RunSummary.Output;
import io.featurebeam.pipelines.report.RunSummary.RuleCount;
import io.featurebeam.pipelines.report.RunSummary.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * The closing words of a run on the console: how it ended, where every record went, which rules
 * failed, where the outputs are. Plain text without colours, each line at most some 100 characters
 * but for long paths.
 */
public final class SummaryPrinter {

  private static final int MAX_NAME = 60;
  private static final int MAX_PATH = 300;
  private static final int MAX_RULES = 10;
  private static final int MAX_SAMPLES = 3;

  private SummaryPrinter() {}

  /** The text, each line ended by a newline. */
  public static String print(RunSummary summary) {
    return print(summary, true);
  }

  /** The same without the reason of a failure, for where that is told already. */
  public static String printWithoutProblem(RunSummary summary) {
    return print(summary, false);
  }

  private static String print(RunSummary summary, boolean withProblem) {
    StringBuilder out = new StringBuilder();
    out.append(Wording.foreign(summary.name(), MAX_NAME))
        .append(verdict(summary))
        .append(Wording.duration(summary.elapsed()))
        .append(" on ")
        .append(Wording.foreign(summary.versions().runner(), MAX_NAME));
    if (summary.firstRecord() != null) {
      out.append(", first record after ").append(Wording.duration(summary.firstRecord()));
    }
    out.append('\n');
    if (summary.range() != null) {
      out.append("  only ").append(Wording.foreign(summary.range(), MAX_PATH)).append('\n');
    }
    if (withProblem && summary.problem() != null) {
      for (String line : Wording.foreignLines(summary.problem(), 2000).split("\n", -1)) {
        out.append("  ").append(line).append('\n');
      }
    }
    out.append(balance(summary.balance()));
    appendRules(summary.rules(), out);
    appendOutputs(summary, out);
    return out.toString();
  }

  private static String verdict(RunSummary summary) {
    Verdict verdict = summary.verdict();
    return switch (verdict) {
      case SUCCEEDED -> " succeeded in ";
      case RUNNING -> " has not ended after ";
      case UNBALANCED -> " ended, but does NOT balance, in ";
      case FAILED -> " FAILED after ";
    };
  }

  /** A blank line, and one that says where every record went. */
  static String balance(Balance balance) {
    StringBuilder out = new StringBuilder();
    out.append("\n  in ").append(Wording.count(balance.in()));
    out.append(" = used ").append(Wording.count(balance.used()));
    out.append(" + rejected ").append(Wording.count(balance.rejected()));
    out.append(" + late ").append(Wording.count(balance.late()));
    out.append(" + duplicate ").append(Wording.count(balance.duplicate()));
    if (!balance.holds()) {
      out.append(" + unaccounted ").append(Wording.count(balance.unaccounted()));
    }
    return out.append('\n').toString();
  }

  private static void appendRules(List<RuleCount> rules, StringBuilder out) {
    if (rules.isEmpty()) {
      return;
    }
    List<RuleCount> broken = rules.stream().filter(rule -> rule.failed() > 0).toList();
    out.append("\n  ").append(Wording.count(rules.size(), "rule"));
    if (broken.isEmpty()) {
      out.append(rules.size() == 1 ? ", held by every record\n" : ", all held by every record\n");
      return;
    }
    out.append(", ").append(Wording.count(broken.size())).append(" with failures:\n");
    List<String[]> lines = new ArrayList<>();
    for (RuleCount rule : broken.subList(0, Math.min(MAX_RULES, broken.size()))) {
      String samples =
          String.join(
              ", ",
              rule.samples().stream()
                  .limit(MAX_SAMPLES)
                  .map(value -> Wording.value(value, 20))
                  .toList());
      lines.add(
          new String[] {
            Wording.foreign(rule.id(), MAX_NAME),
            Wording.count(rule.failed()),
            switch (rule.onFail()) {
              case REJECT -> "rejected";
              case WARN -> "warned";
              case FAIL -> "fatal";
            },
            samples.isEmpty() ? "" : "such as " + samples
          });
    }
    appendAligned(lines, 1, "    ", out);
    if (broken.size() > MAX_RULES) {
      out.append("    and ").append(broken.size() - MAX_RULES).append(" more\n");
    }
  }

  private static void appendOutputs(RunSummary summary, StringBuilder out) {
    List<String[]> lines = new ArrayList<>();
    for (Output output : summary.outputs()) {
      lines.add(
          new String[] {
            output.kind(),
            Wording.foreign(output.path(), MAX_PATH),
            output.isInFiles()
                ? String.join(
                    ", ",
                    Wording.count(output.rows(), "row"),
                    Wording.count(output.files(), "file"),
                    Wording.bytes(output.bytes()))
                : Wording.count(output.rows(), "row")
          });
    }
    if (summary.report() != null) {
      lines.add(new String[] {"report", Wording.foreign(summary.report(), MAX_PATH), ""});
    }
    if (!lines.isEmpty()) {
      out.append('\n');
      appendAligned(lines, -1, "  ", out);
    }
    for (Output output : summary.outputs()) {
      if (output.isScattered()) {
        out.append("\n  ")
            .append(Wording.count(output.files()))
            .append(" files of ")
            .append(Wording.count(Math.round((double) output.rows() / output.files()), "row"))
            .append(" on average: partition by less or by longer times (partitionBy)\n");
      }
    }
  }

  /** Columns two blanks apart, one of them aligned to the right. */
  static void appendAligned(List<String[]> lines, int right, String indent, StringBuilder out) {
    int[] widths = new int[lines.get(0).length];
    for (String[] line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    for (String[] line : lines) {
      StringBuilder text = new StringBuilder(indent);
      for (int i = 0; i < widths.length; i++) {
        String pad = " ".repeat(widths[i] - line[i].length());
        text.append(i == 0 ? "" : "  ").append(i == right ? pad + line[i] : line[i] + pad);
      }
      out.append(text.toString().stripTrailing()).append('\n');
    }
  }
}
