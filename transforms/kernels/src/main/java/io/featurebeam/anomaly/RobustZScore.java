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
 * How many robust standard deviations a value is from the median of the last {@code window} values
 * before it: 0.6745 |x - median| / MAD (Iglewicz and Hoaglin, "How to Detect and Handle Outliers",
 * 1993). Null and NaN get no score and are not learned. NaN until {@code warmUp} values were seen;
 * 0 while the MAD is 0, unless {@code leastSpread} gives one.
 *
 * <p>The MAD is the median of deviations. As in Beam's Python SDK each is from the median when its
 * value came, that value included, which costs little and trails a median that moves. If {@code
 * exact}, all are from the median now, as in the book.
 *
 * @param leastSpread a smaller MAD is taken as this
 */
record RobustZScore(String column, int window, int warmUp, boolean exact, double leastSpread)
    implements Scorer {

  static final int WINDOW = 1000;
  static final int WARM_UP = 10;

  /** The MAD of a normal distribution, in standard deviations. */
  private static final double NORMAL = 0.6745;

  RobustZScore {
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
    return "robust_z_score(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  /** As {@link ZScore}; the book says 3.5. */
  @Override
  public Threshold usualThreshold() {
    return Threshold.fixed(3);
  }

  @Override
  public Scores newScores() {
    return new State();
  }

  private final class State extends Scores {
    private final SortedWindow values = new SortedWindow(window);
    private final SortedWindow deviations = new SortedWindow(window);

    @Override
    protected double score(double[] value) {
      if (values.size() < warmUp) {
        return Double.NaN;
      }
      double median = values.median();
      double spread = exact ? exactSpread(median) : deviations.median();
      return NORMAL * ratio(value[0] - median, spread, leastSpread);
    }

    /** Deviations grow from the median outwards to both sides: the median of them is a merge. */
    private double exactSpread(double median) {
      int n = values.size();
      int above = 0;
      while (above < n && values.sorted(above) < median) {
        above++;
      }
      int below = above - 1;
      double last = 0;
      double beforeLast = 0;
      for (int taken = 0; taken <= n / 2; taken++) {
        beforeLast = last;
        boolean up =
            below < 0
                || (above < n && values.sorted(above) - median <= median - values.sorted(below));
        last = up ? values.sorted(above++) - median : median - values.sorted(below--);
      }
      return n % 2 == 1 ? last : (beforeLast + last) / 2;
    }

    @Override
    protected void learn(double[] value) {
      values.add(value[0]);
      if (!exact) {
        deviations.add(Math.min(Double.MAX_VALUE, Math.abs(value[0] - values.median())));
      }
    }

    @Override
    protected void save(DataOutput out) throws IOException {
      values.save(out);
      deviations.save(out);
    }

    @Override
    protected void load(StateReader in) {
      values.load(in);
      deviations.load(in);
    }
  }

  /** Makes it usable by name. */
  public static final class Provider implements ScorerProvider {
    @Override
    public String name() {
      return "robust_z_score";
    }

    @Override
    public String description() {
      return "How far a value is from the median of the last values, by their absolute deviations.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of numbers."),
          optional("window", Parameter.Kind.INTEGER, "How many values are remembered; 1000."),
          optional("warmUp", Parameter.Kind.INTEGER, "No score before so many values; 10."),
          optional(
              "exact",
              Parameter.Kind.BOOLEAN,
              "Whether deviations are from the median now, not from that of their time; false."),
          optional("leastSpread", Parameter.Kind.NUMBER, "The least median deviation; 0."));
    }

    @Override
    public Scorer create(Settings settings) {
      return new RobustZScore(
          settings.string("column"),
          Limits.toInt(settings.integer("window", WINDOW)),
          Limits.toInt(settings.integer("warmUp", WARM_UP)),
          settings.flag("exact", false),
          settings.number("leastSpread", 0));
    }
  }
}
