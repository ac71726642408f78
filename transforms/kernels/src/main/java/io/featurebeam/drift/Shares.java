package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Categories;
import io.featurebeam.profile.Distribution.Category;
import io.featurebeam.profile.Distribution.Numbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Two columns cut into the same parts: categories, or ranges between quantiles of the reference. A
 * part that neither side has is left out.
 *
 * <p>Where a sketch of frequent values did not keep all categories, those that only one side kept
 * are taken together with all that are not listed. Taking parts together never makes a distance
 * larger: what comes out is there, but for what counts are too low.
 *
 * @param error by how much, with 99 % confidence, a share may be off
 */
record Shares(List<Part> parts, double error) {

  /** A part's name and its share in each. */
  record Part(String name, double reference, double current) {
    double move() {
      return Math.abs(current - reference);
    }
  }

  /** What is missing for a comparison; null if nothing is. */
  static @Nullable String lacks(Distribution reference, Distribution current) {
    if (total(reference) == 0) {
      return "the reference has no values";
    }
    return total(current) == 0 ? "there are no values now" : null;
  }

  private static double total(Distribution column) {
    if (column.values() instanceof Categories categories) {
      return categories.total();
    }
    return column.values() instanceof Numbers numbers ? numbers.finite() : 0;
  }

  static Shares of(Distribution reference, Distribution current, int bins) {
    if (reference.values() instanceof Numbers before && current.values() instanceof Numbers after) {
      return ofNumbers(before, after, bins);
    }
    return ofCategories((Categories) reference.values(), (Categories) current.values());
  }

  private static Shares ofCategories(Categories reference, Categories current) {
    Map<Long, Category> before = byKey(reference);
    Map<Long, Category> after = byKey(current);
    double referenceTotal = reference.total();
    double currentTotal = current.total();
    List<Part> parts = new ArrayList<>();
    double otherBefore = reference.others();
    double otherAfter = current.others();
    for (Category category : reference.listed()) {
      Category now = after.get(category.key());
      if (now == null && !current.isExact()) {
        otherBefore += category.count();
        continue;
      }
      double count = now == null ? 0 : now.count();
      parts.add(
          new Part(
              "'" + category.text() + "'",
              category.count() / referenceTotal,
              count / currentTotal));
    }
    for (Category category : current.listed()) {
      if (!before.containsKey(category.key())) {
        if (reference.isExact()) {
          parts.add(new Part("'" + category.text() + "'", 0, category.count() / currentTotal));
        } else {
          otherAfter += category.count();
        }
      }
    }
    if (otherBefore > 0 || otherAfter > 0) {
      parts.add(new Part("all others", otherBefore / referenceTotal, otherAfter / currentTotal));
    }
    return new Shares(parts, reference.error() / referenceTotal + current.error() / currentTotal);
  }

  private static Map<Long, Category> byKey(Categories categories) {
    Map<Long, Category> result = new HashMap<>();
    for (Category category : categories.listed()) {
      result.put(category.key(), category);
    }
    return result;
  }

  /**
   * At most {@code bins} + 2 ranges that each hold about as much of the reference. A value that
   * alone is more than that has a range of its own.
   */
  private static Shares ofNumbers(Numbers reference, Numbers current, int bins) {
    TreeSet<Double> edges = new TreeSet<>();
    for (int i = 1; i < bins; i++) {
      double edge = reference.quantile((double) i / bins);
      if (!edges.add(edge)) {
        edges.add(Math.nextDown(edge));
      }
    }
    List<Part> parts = new ArrayList<>();
    double before = 0;
    double after = 0;
    double from = Double.NEGATIVE_INFINITY;
    for (double to : edges) {
      double beforeTo = reference.shareUpTo(to);
      double afterTo = current.shareUpTo(to);
      add(parts, from, to, beforeTo - before, afterTo - after);
      before = beforeTo;
      after = afterTo;
      from = to;
    }
    add(parts, from, Double.POSITIVE_INFINITY, 1 - before, 1 - after);
    return new Shares(parts, 2 * (reference.rankError() + current.rankError())); // of two ranks
  }

  private static void add(List<Part> parts, double from, double to, double before, double after) {
    if (before > 0 || after > 0) {
      String name =
          to == Double.POSITIVE_INFINITY
              ? "above " + Texts.number(from)
              : from == Double.NEGATIVE_INFINITY
                  ? "up to " + Texts.number(to)
                  : "above " + Texts.number(from) + " up to " + Texts.number(to);
      parts.add(new Part(name, before, after));
    }
  }

  /** The part that moved the most, with its numbers. */
  String words() {
    Part most = parts.get(0);
    for (Part part : parts) {
      most = part.move() > most.move() ? part : most;
    }
    return most.name()
        + " had a share of "
        + Texts.number(most.reference())
        + " and has "
        + Texts.number(most.current())
        + ", the largest move of "
        + parts.size();
  }
}
