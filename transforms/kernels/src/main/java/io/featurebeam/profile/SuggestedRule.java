package io.featurebeam.profile;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.profile.ColumnProfile.Distinct;
import io.featurebeam.profile.ColumnProfile.Numbers;
import io.featurebeam.profile.ColumnProfile.Texts;
import io.featurebeam.profile.ColumnProfile.TopValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A rule that all profiled records keep, with what speaks for it.
 *
 * <pre>{@code
 * String section = SuggestedRule.yaml(SuggestedRule.of(profile)); // validate: ..., to be edited
 * }</pre>
 *
 * <p>What was never seen to happen may still happen. Of a rule that n records keep, with 95 %
 * confidence at most 1 - 0.05^(1/n) of all records break it (about 3/n, the rule of three); that
 * supposes that later records are like those.
 *
 * @param rule its name in YAML
 * @param settings its other settings, in YAML's types
 * @param records how many records could have broken it
 * @param evidence what was seen, for people
 */
public record SuggestedRule(
    String column, String rule, Map<String, Object> settings, long records, String evidence) {

  /** A set of values is suggested if each occurs so often on average. */
  private static final int OCCURRENCES = 20;

  private static final int MAX_VALUES = 30;

  /** Few records say little of uniqueness. */
  private static final int MIN_UNIQUE = 100;

  private static final double RISK = 0.05;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public SuggestedRule {
    settings = Map.copyOf(settings);
  }

  /** The share of records that break it is at most this, with 95 % confidence. */
  public double mostBroken() {
    return records == 0 ? 1 : -Math.expm1(Math.log(RISK) / records);
  }

  /** All that the profile speaks for, in the order of its columns; masked ones may be not null. */
  public static List<SuggestedRule> of(BatchProfile profile) {
    List<SuggestedRule> rules = new ArrayList<>();
    for (ColumnProfile column : profile.columns()) {
      if (column.records() > 0 && column.nulls() == 0) {
        rules.add(
            new SuggestedRule(
                column.name(), "not_null", Map.of(), column.records(), "no value was missing"));
      }
      if (column.detail() instanceof Numbers numbers) {
        addRange(rules, column, numbers);
        addUnique(rules, column, numbers.distinct());
      } else if (column.detail() instanceof Texts texts) {
        addSet(rules, column, texts);
        addUnique(rules, column, texts.distinct());
      }
    }
    return List.copyOf(rules);
  }

  private static void addRange(List<SuggestedRule> rules, ColumnProfile column, Numbers numbers) {
    Number min = numbers.min();
    Number max = numbers.max();
    if (min == null || max == null || numbers.nan() + numbers.infinite() > 0) {
      return;
    }
    String seen = "%s to %s was seen".formatted(text(column.type(), min), text(column.type(), max));
    if (column.type().isNumeric() && min.doubleValue() >= 0) {
      rules.add(
          new SuggestedRule(column.name(), "between", Map.of("min", 0), column.values(), seen));
    }
  }

  private static String text(FieldType type, Number value) {
    return BatchPrinter.text(type, value);
  }

  private static void addSet(List<SuggestedRule> rules, ColumnProfile column, Texts texts) {
    long values = column.values();
    Distinct distinct = texts.distinct();
    boolean isComplete =
        distinct.exact()
            && distinct.count() == texts.top().size()
            && texts.topError() == 0
            && !texts.sampled()
            && texts.top().stream().noneMatch(SuggestedRule::isShortened);
    if (column.type().equals(FieldType.STRING)
        && isComplete
        && distinct.count() > 0
        && distinct.count() <= MAX_VALUES
        && values >= distinct.count() * OCCURRENCES) {
      List<String> set = texts.top().stream().map(TopValue::text).sorted().toList();
      rules.add(
          new SuggestedRule(
              column.name(),
              "in_set",
              Map.of("values", set),
              values,
              String.format(
                  Locale.ROOT, "%,d values have %d different ones", values, distinct.count())));
    }
  }

  /** Escaped or cut, it is not the value itself. */
  private static boolean isShortened(TopValue value) {
    return value.text().contains("\\") || value.text().contains("…");
  }

  private static void addUnique(
      List<SuggestedRule> rules, ColumnProfile column, Distinct distinct) {
    if (column.values() >= MIN_UNIQUE && distinct.exact() && distinct.count() == column.values()) {
      rules.add(
          new SuggestedRule(
              column.name(),
              "unique",
              Map.of(),
              column.values(),
              String.format(Locale.ROOT, "%,d values were all different", column.values())));
    }
  }

  /** A section of a spec: one line for each rule, with the evidence behind it. */
  public static String yaml(List<SuggestedRule> rules) {
    if (rules.isEmpty()) {
      return "validate: []\n";
    }
    StringBuilder text = new StringBuilder("validate:\n");
    rules.forEach(rule -> text.append("  - ").append(rule.line()).append('\n'));
    return text.toString();
  }

  private String line() {
    Map<String, Object> all = new LinkedHashMap<>();
    if (rule.equals("unique")) {
      all.put("columns", List.of(column));
    } else {
      all.put("column", column);
    }
    all.put("rule", rule);
    all.putAll(new TreeMap<>(settings));
    return all.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + plain(entry.getValue()))
            .collect(Collectors.joining(", ", "{ ", " }"))
        + String.format(
            Locale.ROOT, " # %s; at most %.2g %% break it", evidence, 100 * mostBroken());
  }

  private static String plain(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(SuggestedRule::plain).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof String text && !isPlain(text)) {
      return JSON.valueToTree(text).toString(); // in quotes, as YAML has them too
    }
    return value.toString();
  }

  /** Whether YAML reads it as this text without quotes. */
  private static boolean isPlain(String text) {
    return text.matches("[A-Za-z_][A-Za-z0-9_]*")
        && !text.matches("(?i)y|n|yes|no|on|off|true|false|null");
  }
}
