package io.featurebeam.anomaly;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * How many interquartile ranges a value is outside of the middle half of the last {@code window}
 * values before it, 0 inside of it; quartiles lie on a straight line between two values. Null and
 * NaN get no score and are not learned. NaN until {@code warmUp} values were seen; 0 while the
 * range is 0, unless {@code leastSpread} gives one.
 *
 * @param leastSpread a smaller range is taken as this
 */
record Iqr(String column, int window, int warmUp, double leastSpread) implements Scorer {

  static final int WINDOW = 1000;
  static final int WARM_UP = 10;

  Iqr {
    Objects.requireNonNull(column, "column is null");
    SortedWindow.check("window", window);
    Limits.warmUp(1, warmUp);
    Limits.leastSpread(leastSpread);
    if (warmUp > window) {
      throw new IllegalArgumentException(
          "Invalid warmUp: " + warmUp + " (must not be above window, " + window + ")");
    }
  }

  @Override
  public String id() {
    return "iqr(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  /** Tukey's fences ("Exploratory Data Analysis", 1977). */
  @Override
  public Threshold usualThreshold() {
    return Threshold.fixed(1.5);
  }

  @Override
  public Scores newScores() {
    return new State();
  }

  private final class State extends Scores {
    private final SortedWindow values = new SortedWindow(window);

    @Override
    protected double score(double[] value) {
      if (values.size() < warmUp) {
        return Double.NaN;
      }
      double low = values.quantile(0.25);
      double high = values.quantile(0.75);
      double outside = Math.max(0, Math.max(low - value[0], value[0] - high));
      return ratio(outside, high - low, leastSpread);
    }

    @Override
    protected void learn(double[] value) {
      values.add(value[0]);
    }

    @Override
    protected void save(DataOutput out) throws IOException {
      values.save(out);
    }

    @Override
    protected void load(StateReader in) {
      values.load(in);
    }
  }

  /** Makes it usable by name. */
  public static final class Provider implements ScorerProvider {
    @Override
    public String name() {
      return "iqr";
    }

    @Override
    public String description() {
      return "How many interquartile ranges a value is outside of the middle half of the last ones.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of numbers."),
          optional("window", Parameter.Kind.INTEGER, "How many values are remembered; 1000."),
          optional("warmUp", Parameter.Kind.INTEGER, "No score before so many values; 10."),
          optional("leastSpread", Parameter.Kind.NUMBER, "The least interquartile range; 0."));
    }

    @Override
    public Scorer create(Settings settings) {
      return new Iqr(
          settings.string("column"),
          Limits.toInt(settings.integer("window", WINDOW)),
          Limits.toInt(settings.integer("warmUp", WARM_UP)),
          settings.number("leastSpread", 0));
    }
  }
}
