package io.featurebeam.pipelines.report;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.profile.ColumnProfile;
import io.featurebeam.profile.ColumnProfile.Detail;
import io.featurebeam.profile.ColumnProfile.Distinct;
import io.featurebeam.profile.ColumnProfile.Flags;
import io.featurebeam.profile.ColumnProfile.Lists;
import io.featurebeam.profile.ColumnProfile.Numbers;
import io.featurebeam.profile.ColumnProfile.Quantile;
import io.featurebeam.profile.ColumnProfile.Texts;
import io.featurebeam.profile.ColumnProfile.TopValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The card of one column. */
record ColumnView(
    String name,
    String type,
    boolean masked,
    boolean sampled,
    String values,
    String nulls,
    boolean hasNulls,
    String nullShare,
    @Nullable String distinct,
    @Nullable Chart chart,
    @Nullable TopTable top,
    boolean times,
    List<Stat> stats) {

  /** Up to so many different numbers are shown one by one instead of as a histogram. */
  private static final int MAX_LISTED = 6;

  private static final int MAX_NAME = 80;
  private static final int MAX_VALUE = 48;

  /** The most frequent values with a bar each. */
  record TopTable(String caption, List<TopRow> rows, @Nullable String note) {}

  record TopRow(String text, boolean empty, String count, String share, String width) {}

  record Stat(String name, String value) {}

  static boolean isSampled(ColumnProfile column) {
    return (column.detail() instanceof Numbers numbers && numbers.sampled())
        || (column.detail() instanceof Texts texts && texts.sampled());
  }

  static ColumnView of(ColumnProfile column) {
    Detail detail = column.detail();
    Chart chart = null;
    TopTable top = null;
    Distinct distinct = null;
    List<Stat> stats = new ArrayList<>();
    if (detail instanceof Numbers numbers) {
      distinct = numbers.distinct();
      List<TopValue> values = numbers.top();
      if (values != null && !values.isEmpty() && values.size() <= MAX_LISTED) {
        top = table("Values", values, column.values(), null);
      } else {
        chart = Chart.of(column.type(), numbers);
      }
      addNumbers(column.type(), numbers, stats);
    } else if (detail instanceof Texts texts) {
      distinct = texts.distinct();
      top = texts(texts, column.values());
      addLengths(
          column.type().kind() == FieldType.Kind.BYTES ? "bytes" : "length",
          texts.minLength(),
          texts.maxLength(),
          texts.meanLength(),
          texts.empty(),
          stats);
    } else if (detail instanceof Flags flags) {
      top =
          table(
              "Values",
              List.of(new TopValue("true", flags.trues()), new TopValue("false", flags.falses())),
              column.values(),
              null);
    } else if (detail instanceof Lists lists) {
      addLengths(
          "length", lists.minLength(), lists.maxLength(), lists.meanLength(), lists.empty(), stats);
    }
    return new ColumnView(
        Wording.foreign(column.name(), MAX_NAME),
        column.type().toString(),
        column.masked(),
        isSampled(column),
        Wording.count(column.values()),
        Wording.count(column.nulls()),
        column.nulls() > 0,
        Wording.share(column.nulls(), column.records()),
        distinct == null ? null : (distinct.exact() ? "" : "≈ ") + Wording.count(distinct.count()),
        chart,
        top,
        column.type().kind() == FieldType.Kind.TIMESTAMP,
        stats);
  }

  private static @Nullable TopTable texts(Texts texts, long values) {
    if (texts.top().isEmpty()) {
      return null;
    }
    boolean allOnce = texts.top().get(0).count() <= 1 && !texts.sampled();
    String note =
        allOnce
            ? "no value occurs twice"
            : texts.topError() > 0
                ? "counts may be up to " + Wording.count(texts.topError()) + " higher"
                : null;
    return table(
        allOnce ? "Some values" : "Most frequent",
        texts.top().subList(0, Math.min(MAX_LISTED, texts.top().size())),
        values,
        note);
  }

  private static TopTable table(
      String caption, List<TopValue> values, long total, @Nullable String note) {
    long most = Math.max(1, values.stream().mapToLong(TopValue::count).max().orElse(1));
    return new TopTable(
        caption,
        values.stream()
            .map(
                value ->
                    new TopRow(
                        shortened(value.text()),
                        value.text().isEmpty(),
                        Wording.count(value.count()),
                        Wording.share(Math.min(value.count(), total), total),
                        ReportView.decimal(100.0 * value.count() / most)))
            .toList(),
        note);
  }

  private static String shortened(String text) {
    return Wording.foreign(text, MAX_VALUE);
  }

  private static void addNumbers(FieldType type, Numbers numbers, List<Stat> stats) {
    Number min = numbers.min();
    Number max = numbers.max();
    if (min != null && max != null) {
      stats.add(new Stat("min", text(type, min)));
      for (Quantile quantile : numbers.quantiles()) {
        stats.add(
            new Stat(
                rank(quantile.rank()),
                (numbers.isEstimated() ? "≈ " : "") + text(type, quantile.value())));
      }
      stats.add(new Stat("max", text(type, max)));
    }
    if (type.isNumeric() && numbers.finite() > 0) {
      stats.add(new Stat("mean", Wording.number(numbers.mean())));
      stats.add(new Stat("std dev", Wording.number(numbers.stddev())));
      stats.add(new Stat("zeros", Wording.count(numbers.zeros())));
    }
    if (numbers.nan() > 0) {
      stats.add(new Stat("NaN", Wording.count(numbers.nan())));
    }
    if (numbers.infinite() > 0) {
      stats.add(new Stat("infinite", Wording.count(numbers.infinite())));
    }
  }

  private static String rank(double rank) {
    return rank == 0.5 ? "median" : String.format(Locale.ROOT, "%.0f %%", rank * 100);
  }

  /** A number, or a time to the second. */
  static String text(FieldType type, Number value) {
    return switch (type.kind()) {
      case TIMESTAMP ->
          BatchPrinter.timestamp(Math.floorDiv(value.longValue(), 1_000_000L) * 1_000_000L)
              .replace('T', ' ');
      case DATE, TIME -> BatchPrinter.text(type, value.longValue());
      case INT64 -> Wording.count(value.longValue());
      default -> Wording.number(value.doubleValue());
    };
  }

  private static void addLengths(
      String unit, long min, long max, double mean, long empty, List<Stat> stats) {
    if (!Double.isNaN(mean)) {
      stats.add(new Stat("min " + unit, Wording.count(min)));
      stats.add(new Stat("max " + unit, Wording.count(max)));
      stats.add(new Stat("mean " + unit, Wording.number(mean)));
      stats.add(new Stat("empty", Wording.count(empty)));
    }
  }
}
