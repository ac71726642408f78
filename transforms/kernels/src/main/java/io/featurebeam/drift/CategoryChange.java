package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Categories;
import io.featurebeam.profile.Distribution.Category;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The share of values now whose category the reference does not have, or of the reference's whose
 * category there is no more. Nulls are no part of it. If the other side's categories are not all
 * known (beyond 2,048 different ones) nothing is said.
 */
record CategoryChange(Kind kind, double threshold) implements DriftMetric {

  /** One in a hundred: a model knows nothing of them, and a few misspellings are no drift. */
  static final double USUAL = 0.01;

  private static final int SHOWN = 5;

  /** Which way. */
  enum Kind {
    NEW("new_categories"),
    MISSING("missing_categories");

    final String metric;

    Kind(String metric) {
      this.metric = metric;
    }
  }

  CategoryChange {
    Objects.requireNonNull(kind, "kind is null");
    Thresholds.check(threshold);
  }

  @Override
  public String name() {
    return kind.metric;
  }

  @Override
  public Fit fits() {
    return Fit.CATEGORIES;
  }

  @Override
  public Measured measure(Distribution reference, Distribution current) {
    String lacking = Shares.lacks(reference, current);
    if (lacking != null) {
      return Measured.nothing(lacking);
    }
    Categories before = (Categories) reference.values();
    Categories after = (Categories) current.values();
    return kind == Kind.NEW
        ? alone(after, before, "of the reference", "new")
        : alone(before, after, "of now", "missing");
  }

  private static Measured alone(Categories side, Categories other, String whose, String what) {
    if (!other.isExact()) {
      return Measured.nothing(
          "not all of the about " + other.distinct() + " categories " + whose + " are known");
    }
    Set<Long> known = new HashSet<>();
    other.listed().forEach(category -> known.add(category.key()));
    double count = 0;
    List<String> names = new ArrayList<>();
    for (Category category : side.listed()) {
      if (!known.contains(category.key())) {
        count += category.count();
        names.add("'" + category.text() + "'");
      }
    }
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return Measured.of(
        count / side.total(),
        names.isEmpty()
            ? "no category is " + what
            : names.size() + " " + what + ": " + shown + (names.size() > SHOWN ? ", ..." : ""));
  }

  /** Makes {@code new_categories} usable by name. */
  public static final class NewProvider implements DriftMetricProvider {
    @Override
    public String name() {
      return Kind.NEW.metric;
    }

    @Override
    public String description() {
      return "The share of values now whose category the reference does not have.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Thresholds.parameter(USUAL));
    }

    @Override
    public DriftMetric create(Settings settings) {
      return new CategoryChange(Kind.NEW, settings.number("threshold", USUAL));
    }
  }

  /** Makes {@code missing_categories} usable by name. */
  public static final class MissingProvider implements DriftMetricProvider {
    @Override
    public String name() {
      return Kind.MISSING.metric;
    }

    @Override
    public String description() {
      return "The share of the reference's values whose category there is no more.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Thresholds.parameter(USUAL));
    }

    @Override
    public DriftMetric create(Settings settings) {
      return new CategoryChange(Kind.MISSING, settings.number("threshold", USUAL));
    }
  }
}
