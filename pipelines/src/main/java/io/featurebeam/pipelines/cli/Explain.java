package io.featurebeam.pipelines.cli;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.spec.Secrets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plan as text: each step with where its records come from, its columns and types (of columns
 * that pass through, only what changes), and its notes.
 */
public final class Explain {

  private static final String INDENT = "      ";

  private final Plan plan;
  private final Map<String, @Nullable RecordSchema> schemas = new HashMap<>();
  private final StringBuilder out = new StringBuilder();

  private Explain(Plan plan) {
    this.plan = plan;
  }

  /** The plan as text, with variables in place of what came from the environment. */
  public static String text(Plan plan, Secrets secrets) {
    return secrets.redact(new Explain(plan).text());
  }

  /** The options that runner and Beam were given, and by whom. */
  public static String options(String runner, List<Setting> settings, Secrets secrets) {
    List<Setting> shown = settings.stream().filter(Setting::isOfTheRunner).toList();
    if (shown.isEmpty()) {
      return "";
    }
    List<String> arguments =
        shown.stream().map(s -> BatchPrinter.escape(secrets.redact(s.argument()))).toList();
    int width = arguments.stream().mapToInt(String::length).max().orElse(0);
    StringBuilder out = new StringBuilder("\nOptions of " + runner + "\n");
    for (int i = 0; i < shown.size(); i++) {
      out.append("  ").append(padded(arguments.get(i), width)).append("  ");
      out.append(shown.get(i).origin().words()).append('\n');
    }
    return out.toString();
  }

  private String text() {
    int count = plan.steps().size();
    line("", "Plan of " + plan.name() + ": " + count + (count == 1 ? " step" : " steps"));
    int nameWidth = plan.steps().stream().mapToInt(s -> s.name().length()).max().orElse(0);
    int numberWidth = String.valueOf(count).length();
    for (int i = 0; i < count; i++) {
      Plan.Step step = plan.steps().get(i);
      out.append('\n');
      String number = " ".repeat(numberWidth - String.valueOf(i + 1).length()) + (i + 1);
      line(" ", number + ". " + padded(step.name(), nameWidth) + "  " + step.kind());
      if (!step.inputs().isEmpty()) {
        line(INDENT, "from     " + String.join(", ", step.inputs()));
      }
      RecordSchema outputs = step.outputs();
      if (outputs != null) {
        columns(step, outputs);
      }
      schemas.put(step.name(), outputs);
      step.notes().forEach(note -> line(INDENT, note));
    }
    return out.toString();
  }

  private void columns(Plan.Step step, RecordSchema outputs) {
    RecordSchema before = step.inputs().size() == 1 ? schemas.get(step.inputs().get(0)) : null;
    List<Field> shown = outputs.fields();
    String heading = "columns  ";
    if (before != null && outputs.equals(before)) {
      line(INDENT, heading + "as in " + step.inputs().get(0));
      return;
    }
    if (before != null && startsWith(outputs, before)) {
      shown = shown.subList(before.size(), shown.size());
      line(INDENT, heading + "as in " + step.inputs().get(0) + ", and");
      heading = "         ";
    }
    int width = shown.stream().mapToInt(f -> f.name().length()).max().orElse(0);
    for (Field field : shown) {
      line(
          INDENT,
          heading
              + padded(field.name(), width)
              + "  "
              + field.type()
              + (field.nullable() ? "" : " not null"));
      heading = "         ";
    }
  }

  private static boolean startsWith(RecordSchema schema, RecordSchema prefix) {
    return prefix.size() <= schema.size()
        && schema.fields().subList(0, prefix.size()).equals(prefix.fields());
  }

  private void line(String indent, String text) {
    out.append(indent).append(BatchPrinter.escape(text).stripTrailing()).append('\n');
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
